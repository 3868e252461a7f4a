package dev.hawser.cluster;

import dev.hawser.connection.Newcomer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection on its way to this node. Used under the lock of {@link TakeOvers}.
 *
 * <pre>
 *  ASKING ──Offer──▶ REGISTERING ──Redis knows──▶ LOOKING ──all nodes are known──▶ CUTTING ──all cuts, all parts──▶ here
 * </pre>
 */
final class TakeOver {
	final long number;
	final Newcomer newcomer;
	final long since;
	Phase phase = Phase.ASKING;
	/** The nodes that have not said yet that they do not have it. */
	final Set<String> asked = new HashSet<>();
	@Nullable
	String owner;
	/** Where the connection will be. */
	final List<Place> places = new ArrayList<>();
	/** When everything was registered. */
	long registered;
	/** The nodes that must say from where on this node gets what they send. */
	Set<String> sources = Set.of();
	/** For each source that has said so, the number of the first entry in the log that counts. */
	final Map<String, Long> cuts = new HashMap<>();
	/** Number of the first entry in the log that may count. */
	long logged = Long.MAX_VALUE;
	private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
	private boolean whole;
	/** Whether everything is there, and nothing stops it any more. */
	boolean completing;

	enum Phase {
		ASKING, REGISTERING, LOOKING, CUTTING
	}

	/** @param since on the clock of the cluster */
	TakeOver(long number, Newcomer newcomer, long since) {
		this.number = number;
		this.newcomer = newcomer;
		this.since = since;
	}

	void add(Step.Part part) {
		parts.writeBytes(part.bytes());
		whole = part.left() == 0;
	}

	/** Whether everything is there. */
	boolean isReady() {
		return whole && cuts.keySet().containsAll(sources);
	}

	byte[] luggage() {
		return parts.toByteArray();
	}
}
