package dev.hawser.api;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections on which a method of {@link Clients} acts: one connection, the connections of a user, the members of a group, or
 * a whole hub. Immutable. The connections need not exist; they are looked up when the method is carried out.
 */
public sealed interface Target {

	/**
	 * One connection.
	 *
	 * @param connectionId the connection's name in the whole cluster
	 */
	record Connection(String connectionId) implements Target {
		public Connection {
			require("connectionId", connectionId);
		}
	}

	/** A target of many connections, of which some can be left out. */
	sealed interface Several extends Target {

		/** The ids of the connections that are left out. */
		Set<String> excluded();

		/** The same target without these connections and without those that are already left out. */
		Several except(Collection<String> connectionIds);

		/** As {@link #except(Collection)}. */
		default Several except(String... connectionIds) {
			return except(Set.of(connectionIds));
		}
	}

	/**
	 * The connections of a user.
	 *
	 * @param hub      the hub of the connections; null for all hubs
	 * @param userId   the user's name
	 * @param excluded the ids of connections that are left out
	 */
	record User(@Nullable String hub, String userId, Set<String> excluded) implements Several {
		public User {
			require("userId", userId);
			excluded = Set.copyOf(excluded);
		}

		@Override
		public User except(Collection<String> connectionIds) {
			return new User(hub, userId, union(excluded, connectionIds));
		}
	}

	/**
	 * The members of a group.
	 *
	 * @param hub      the hub that the group belongs to
	 * @param name     the group's name
	 * @param excluded the ids of connections that are left out
	 */
	record Group(String hub, String name, Set<String> excluded) implements Several {
		public Group {
			require("hub", hub);
			require("group", name);
			excluded = Set.copyOf(excluded);
		}

		@Override
		public Group except(Collection<String> connectionIds) {
			return new Group(hub, name, union(excluded, connectionIds));
		}
	}

	/**
	 * All connections of a hub.
	 *
	 * @param name     the hub's name
	 * @param excluded the ids of connections that are left out
	 */
	record Hub(String name, Set<String> excluded) implements Several {
		public Hub {
			require("hub", name);
			excluded = Set.copyOf(excluded);
		}

		@Override
		public Hub except(Collection<String> connectionIds) {
			return new Hub(name, union(excluded, connectionIds));
		}
	}

	/** The connection with this id. */
	static Connection connection(String connectionId) {
		return new Connection(connectionId);
	}

	/** The connections of a user at every hub. */
	static User user(String userId) {
		return new User(null, userId, Set.of());
	}

	/** The connections of a user at one hub. */
	static User user(String hub, String userId) {
		return new User(hub, userId, Set.of());
	}

	/** The members of a group. */
	static Group group(String hub, String name) {
		return new Group(hub, name, Set.of());
	}

	/** All connections of a hub. */
	static Hub hub(String name) {
		return new Hub(name, Set.of());
	}

	private static void require(String what, String value) {
		if (value.isEmpty()) {
			throw new IllegalArgumentException("A target's " + what + " must not be empty.");
		}
	}

	private static Set<String> union(Set<String> excluded, Collection<String> more) {
		Set<String> all = new LinkedHashSet<>(excluded);
		all.addAll(more);
		return all;
	}
}
