package dev.hawser.connection;

import dev.hawser.api.JoinResult;
import dev.hawser.api.LeaveResult;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The groups that one connection is in. Made at the first use, since most connections never join a group. Its own lock, which is
 * not the connection's, keeps the connection's list of groups and the groups' lists of members consistent.
 */
final class Memberships {
	private final ReentrantLock lock = new ReentrantLock();
	private final WebSocketConnection connection;
	private final Members groups;
	private final Set<String> joined = new TreeSet<>();
	private boolean over;

	/** @param groups the members of all groups */
	Memberships(WebSocketConnection connection, Members groups) {
		this.connection = connection;
		this.groups = groups;
	}

	/** Told under this lock, so that the changes of a group are told in their order. */
	private HandlerCalls calls() {
		return ((LiveConnection) connection).calls;
	}

	JoinResult join(String group) {
		lock.lock();
		try {
			if (over) {
				return JoinResult.NOT_FOUND;
			}
			if (joined.contains(group)) {
				return JoinResult.ALREADY_JOINED;
			}
			int most = connection.hub().settings().limits().groups();
			if (most > 0 && joined.size() >= most) {
				return JoinResult.TOO_MANY;
			}
			joined.add(group);
			groups.add(group, connection);
			calls().joined(group);
			return JoinResult.JOINED;
		}
		finally {
			lock.unlock();
		}
	}

	/** Joins all of the groups, or none when they would be too many. */
	JoinResult joinAll(Collection<String> all) {
		lock.lock();
		try {
			int most = connection.hub().settings().limits().groups();
			long fresh = all.stream().distinct().filter(group -> !joined.contains(group)).count();
			if (!over && most > 0 && fresh > 0 && joined.size() + fresh > most) {
				return JoinResult.TOO_MANY;
			}
			JoinResult result = over ? JoinResult.NOT_FOUND : JoinResult.ALREADY_JOINED;
			for (String group : all) {
				JoinResult one = join(group);
				result = one == JoinResult.ALREADY_JOINED ? result : one;
			}
			return result;
		}
		finally {
			lock.unlock();
		}
	}

	LeaveResult leave(String group) {
		lock.lock();
		try {
			if (!joined.remove(group)) {
				return LeaveResult.NOT_A_MEMBER;
			}
			groups.remove(group, connection);
			calls().left(group);
			return LeaveResult.LEFT;
		}
		finally {
			lock.unlock();
		}
	}

	boolean has(String group) {
		lock.lock();
		try {
			return joined.contains(group);
		}
		finally {
			lock.unlock();
		}
	}

	int size() {
		lock.lock();
		try {
			return joined.size();
		}
		finally {
			lock.unlock();
		}
	}

	/** The names of the groups, ascending. */
	Set<String> joined() {
		lock.lock();
		try {
			return new TreeSet<>(joined);
		}
		finally {
			lock.unlock();
		}
	}

	/** Leaves all groups; no group can be joined after that. */
	void end() {
		lock.lock();
		try {
			over = true;
			joined.forEach(group -> groups.remove(group, connection));
			joined.clear();
		}
		finally {
			lock.unlock();
		}
	}
}
