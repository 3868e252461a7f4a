package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hears how connections end, and notes what must not be. */
final class SimulatedBackend {
	final Spot spot = new Spot();
	final Set<String> accepted = new HashSet<>();
	final Map<String, String> ends = new HashMap<>();
	private final Set<String> mayHearTwice = new HashSet<>();
	/** Who has taken over a connection last. */
	private final Map<String, Heir> heirs = new HashMap<>();
	private final SimulatedTime time;
	private final SimulatedRedis redis;
	private final List<String> wrong;
	/** Whether Redis has lost something, after which repetitions cannot be told from others. */
	boolean forgetful;

	/** @param name that it had then */
	private record Heir(SimulatedNode node, String name) {
	}

	SimulatedBackend(SimulatedTime time, SimulatedRedis redis, List<String> wrong) {
		this.time = time;
		this.redis = redis;
		this.wrong = wrong;
	}

	void accepted(String name) {
		accepted.add(name);
	}

	/** The disconnected could not be written before it was delivered: an heir may make another. */
	void mayHearTwice(String name) {
		mayHearTwice.add(name);
	}

	void inherited(SimulatedNode node, String name, @Nullable SimulatedConnection before) {
		if (before != null && !before.isHandedOver() && !forgetful) {
			wrong.add(node.firstName + " takes over " + name + ", which it has already");
		}
		Heir fresh = new Heir(node, node.nodes.self());
		if (redis.isBuriedBefore(fresh.name, time.now())) { // it has slept, and does not know yet that another is the heir
			return;
		}
		Heir first = heirs.put(name, fresh);
		if (first != null && !first.equals(fresh) && !first.node.spot.isGone() && !redis.burials.containsKey(first.name) && !forgetful) {
			wrong.add(fresh.name + " takes over " + name + ", which " + first.name + " has taken over, who lives");
		}
	}

	/** Returns whether the backend takes it. */
	boolean told(SimulatedConnection connection) {
		if (time.oneIn(10)) {
			return false;
		}
		String before = ends.put(connection.name(), connection.due());
		if (before != null && !before.equals(connection.due()) && !mayHearTwice.contains(connection.name()) && !forgetful) {
			wrong.add(connection.name() + " ends as " + before + " and as " + connection.due());
		}
		return true;
	}
}
