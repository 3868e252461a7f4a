package dev.hawser.connection;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The user, groups and roles of a connection, as decided in its handshake.
 *
 * @param userId the user; null for the one that the principal names
 * @param groups the groups of its hub that the connection joins when it opens
 * @param roles  the roles of the connection
 */
public record Identity(@Nullable String userId, Set<String> groups, Set<String> roles) {
	/** The user of the principal, without groups and roles. */
	public static final Identity NONE = new Identity(null, Set.of(), Set.of());
}
