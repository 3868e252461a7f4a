package dev.hawser.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a connection's move from the node that has it, the owner, to the one that its client has come back to, the taker:
 *
 * <pre>
 *  taker ── Fetch ──▶ owner ── Offer ──▶ taker     which then registers in Redis: what is sent from now on gets to both
 *  taker ── Turn ──▶ every node ── Cut ──▶ taker and owner     the owner has what comes before it, the taker what comes after it
 *  owner ── Part, Part, ... ──▶ taker ── Taken ──▶ owner
 * </pre>
 */
sealed interface Step {

	/** To the nodes that may be the owner: a client has proved that this connection is its own. */
	record Fetch(String connectionId, String hub) implements Step {
	}

	/** To the taker: the connection is not here. */
	record Gone() implements Step {
	}

	/** To the taker: not now; it stays here. */
	record Busy() implements Step {
	}

	/** To the taker: the connection is here, for this user and in these groups. */
	record Offer(@Nullable String userId, List<String> groups) implements Step {
	}

	/** To each of these nodes, the owner among them: say from where on the taker gets what is sent. */
	record Turn(String owner, List<String> sources) implements Step {
	}

	/** To owner and taker at the same place among all that the node sends. */
	record Cut(String taker) implements Step {
	}

	/** To the taker: what the connection takes along, in pieces. */
	record Part(byte[] bytes, int left) implements Step {
	}

	/** To the owner: the taker has the connection. */
	record Taken() implements Step {
	}

	/** To the owner: the taker does not take the connection. */
	record Dropped() implements Step {
	}
}
