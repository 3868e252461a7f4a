package dev.hawser.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of connections, as they were when the page was made.
 *
 * @param connections at most the requested number of connections, in a fixed order
 * @param next        value to pass to {@link Clients#list} for the next page; null on the last page
 */
public record ConnectionPage(List<ConnectionSnapshot> connections, @Nullable String next) {
	public ConnectionPage {
		connections = List.copyOf(connections);
	}
}
