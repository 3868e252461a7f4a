package dev.hawser.connection;

import dev.hawser.api.WebSocketServer;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The user, groups and roles of a connection. The handshake decides on all of them; roles may change later.
 *
 * @param userId the user; null for the one that the principal names, empty for none
 * @param groups the groups of its hub that the connection joins when it opens
 * @param roles  the roles of the connection
 */
public record Identity(@Nullable String userId, Set<String> groups, Set<String> roles) {
	/** The user of the principal, without groups and roles. */
	public static final Identity NONE = new Identity(null, Set.of(), Set.of());
	/** Most roles that a connection has when one is added to it. */
	static final int MOST_ROLES = 2 * WebSocketServer.MAX_GROUPS;

	/** The same with one more role. */
	Identity with(String role) {
		return new Identity(userId, groups, Stream.concat(roles.stream(), Stream.of(role)).collect(Collectors.toUnmodifiableSet()));
	}

	/** The same without a role. */
	Identity without(String role) {
		return new Identity(userId, groups, roles.stream().filter(each -> !each.equals(role)).collect(Collectors.toUnmodifiableSet()));
	}
}
