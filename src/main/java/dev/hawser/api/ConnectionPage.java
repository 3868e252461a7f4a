package dev.hawser.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of connections, as they were when it was made.
 *
 * @param connections at most as many as were asked for, in a fixed order
 * @param next        where the next page begins, to be handed to {@link Clients#list} as it is; null on the last page
 */
public record ConnectionPage(List<ConnectionSnapshot> connections, @Nullable String next) {
	public ConnectionPage {
		connections = List.copyOf(connections);
	}
}
