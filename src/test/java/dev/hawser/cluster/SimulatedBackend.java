package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hears how connections end, and notes what must not be. */
final class SimulatedBackend {
	final Spot spot = new Spot();
	final List<String> wrong = new ArrayList<>();
	final Set<String> accepted = new HashSet<>();
	final Map<String, String> ends = new HashMap<>();
	private final Set<String> mayHearTwice = new HashSet<>();
	private final SimulatedTime time;
	/** Whether Redis has lost something, after which repetitions cannot be told from others. */
	boolean forgetful;

	SimulatedBackend(SimulatedTime time) {
		this.time = time;
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
	}

	/** Returns whether the backend takes it. */
	boolean told(SimulatedConnection connection) {
		if (time.random.nextInt(10) == 0) {
			return false;
		}
		String before = ends.put(connection.name(), connection.due());
		if (before != null && !before.equals(connection.due()) && !mayHearTwice.contains(connection.name()) && !forgetful) {
			wrong.add(connection.name() + " ends as " + before + " and as " + connection.due());
		}
		return true;
	}
}
