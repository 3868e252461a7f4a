package dev.hawser.connection;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose a connection is and what it may do, as its handshake has decided.
 *
 * @param userId its user; null for the one that the principal names
 * @param groups the groups of its hub that it joins when it opens
 * @param roles  what it may do besides
 */
public record Identity(@Nullable String userId, Set<String> groups, Set<String> roles) {
	/** Nothing but what the principal says. */
	public static final Identity NONE = new Identity(null, Set.of(), Set.of());
}
