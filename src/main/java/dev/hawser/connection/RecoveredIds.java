package dev.hawser.connection;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Connections that began on another node, by the id that they got there. Safe for any thread. */
final class RecoveredIds {
	private final ConcurrentHashMap<String, LiveConnection> byId = new ConcurrentHashMap<>();
	private volatile @Nullable MembershipListener listener;

	/** Tells the listener of each that comes or goes from now on. */
	void tell(MembershipListener told) {
		listener = told;
	}

	/** Tells of all that are there. */
	void tellAll(MembershipListener told) {
		byId.keySet().forEach(told::connectionChanged);
	}

	boolean has(String id) {
		return byId.containsKey(id);
	}

	/**
	 * The connection with this id, wherever it began. The ids of those that began on this node need no index: they contain the fd.
	 *
	 * @param byFd the connections of this node by fd
	 */
	@Nullable
	WebSocketConnection find(String id, LongFunction<@Nullable LiveConnection> byFd) {
		LiveConnection known = byId.get(id);
		if (known != null) {
			return known;
		}
		try {
			LiveConnection named = byFd.apply(Long.parseLong(id.substring(id.lastIndexOf('-') + 1)));
			return named != null && named.getId().equals(id) ? named : null;
		}
		catch (NumberFormatException e) {
			return null;
		}
	}

	/** Adds the connection, if it began on another node. */
	void add(LiveConnection connection) {
		String id = connection.recoveredId;
		if (id != null) {
			byId.put(id, connection);
			changed(id);
		}
	}

	void remove(LiveConnection connection) {
		String id = connection.recoveredId;
		if (id != null && byId.remove(id, connection)) {
			changed(id);
		}
	}

	private void changed(String id) {
		MembershipListener told = listener;
		if (told != null) {
			told.connectionChanged(id);
		}
	}
}
