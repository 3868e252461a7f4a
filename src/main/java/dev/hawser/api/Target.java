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
	 * @param hub          the hub of the connection; null for any hub
	 * @param connectionId the connection's name in the whole cluster
	 */
	record Connection(@Nullable String hub, String connectionId) implements Target {
		public Connection {
			require("connectionId", connectionId);
		}
	}

	/** A target of many connections, of which some can be left out. */
	sealed interface Several extends Target {

		/** The ids of the connections that are left out. */
		Set<String> excluded();

		/** The conditions that each connection must meet; empty for none. */
		Set<String> filters();

		/**
		 * The same target without the connections that do not meet this condition, or one that was given before. A condition is an
		 * expression in the subset of OData that Azure Web PubSub has, such as {@code userId ne 'ann' and 'news' in groups}. It may
		 * name {@code userId}, {@code connectionId}, {@code groups} and {@code protocol}, the agreed subprotocol. It is put to the
		 * connections as they are when a method of {@link Clients} is carried out, and that method throws
		 * {@link IllegalArgumentException} for a condition that cannot be read, before it does anything.
		 *
		 * @param filter the condition. A text within it stands in single quotes, and a quote within a text is doubled
		 */
		Several matching(String filter);

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
	 * @param filters  conditions that each connection must meet, see {@link #matching}
	 */
	record User(@Nullable String hub, String userId, Set<String> excluded, Set<String> filters) implements Several {
		public User {
			require("userId", userId);
			excluded = Set.copyOf(excluded);
			filters = Set.copyOf(filters);
		}

		@Override
		public User except(Collection<String> connectionIds) {
			return new User(hub, userId, union(excluded, connectionIds), filters);
		}

		@Override
		public User matching(String filter) {
			return new User(hub, userId, excluded, union(filters, Set.of(filter)));
		}
	}

	/**
	 * The members of a group.
	 *
	 * @param hub      the hub that the group belongs to
	 * @param name     the group's name
	 * @param excluded the ids of connections that are left out
	 * @param filters  conditions that each connection must meet, see {@link #matching}
	 */
	record Group(String hub, String name, Set<String> excluded, Set<String> filters) implements Several {
		public Group {
			require("hub", hub);
			require("group", name);
			excluded = Set.copyOf(excluded);
			filters = Set.copyOf(filters);
		}

		@Override
		public Group except(Collection<String> connectionIds) {
			return new Group(hub, name, union(excluded, connectionIds), filters);
		}

		@Override
		public Group matching(String filter) {
			return new Group(hub, name, excluded, union(filters, Set.of(filter)));
		}
	}

	/**
	 * All connections of a hub, or of every hub.
	 *
	 * @param name     the hub's name; {@code *} for every hub
	 * @param excluded the ids of connections that are left out
	 * @param filters  conditions that each connection must meet, see {@link #matching}
	 */
	record Hub(String name, Set<String> excluded, Set<String> filters) implements Several {
		private static final String EVERY = "*";

		public Hub {
			require("hub", name);
			excluded = Set.copyOf(excluded);
			filters = Set.copyOf(filters);
		}

		/** Whether the connections of the hub of this name are meant. */
		public boolean includes(String hub) {
			return name.equals(EVERY) || name.equals(hub);
		}

		@Override
		public Hub except(Collection<String> connectionIds) {
			return new Hub(name, union(excluded, connectionIds), filters);
		}

		@Override
		public Hub matching(String filter) {
			return new Hub(name, excluded, union(filters, Set.of(filter)));
		}
	}

	/** The connection with this id. */
	static Connection connection(String connectionId) {
		return new Connection(null, connectionId);
	}

	/** The connection with this id, if it is one of this hub. */
	static Connection connection(String hub, String connectionId) {
		return new Connection(hub, connectionId);
	}

	/** The connections of a user at every hub. */
	static User user(String userId) {
		return new User(null, userId, Set.of(), Set.of());
	}

	/** The connections of a user at one hub. */
	static User user(String hub, String userId) {
		return new User(hub, userId, Set.of(), Set.of());
	}

	/** The members of a group. */
	static Group group(String hub, String name) {
		return new Group(hub, name, Set.of(), Set.of());
	}

	/** All connections of a hub. */
	static Hub hub(String name) {
		return new Hub(name, Set.of(), Set.of());
	}

	/** All connections of every hub. */
	static Hub everyHub() {
		return hub(Hub.EVERY);
	}

	private static void require(String what, String value) {
		if (value.isEmpty()) {
			throw new IllegalArgumentException("A target's " + what + " must not be empty.");
		}
	}

	private static Set<String> union(Set<String> known, Collection<String> more) {
		Set<String> all = new LinkedHashSet<>(known);
		all.addAll(more);
		return all;
	}
}
