package dev.hawser.operations.console;

import org.jspecify.annotations.Nullable;

/** Makes tokens for the client on the page. Any thread may ask. */
@FunctionalInterface
public interface TryToken {
	/**
	 * A token for clients of a hub, with which the page may connect though its origin is not an allowed one; null when there is no
	 * operators' key.
	 *
	 * @param page the origin of the page
	 */
	@Nullable
	String make(String hub, String page);
}
