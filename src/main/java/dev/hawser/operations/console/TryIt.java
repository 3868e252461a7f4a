package dev.hawser.operations.console;

import org.jspecify.annotations.Nullable;

/** What the client on the page needs to connect. Any thread may ask. */
public interface TryIt {
	/** The path at which a hub answers clients without a subprotocol. */
	String path(String hub);

	/** What stands before each path on the clients' port, such as {@code /app}; empty for nothing. */
	String prefix();

	/**
	 * A token for clients of a hub, with which the page may connect though its origin is not an allowed one; null when there is no
	 * operators' key.
	 *
	 * @param page the origin of the page
	 */
	@Nullable
	String token(String hub, String page);
}
