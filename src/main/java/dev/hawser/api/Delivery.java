package dev.hawser.api;

/**
 * The result of a method of {@link Clients}, for all connections of the target. No result means that a client has read anything:
 * only an answer from the client shows that. On a single node only {@link Delivered}, {@link Nobody} and {@link Partial} occur.
 */
public sealed interface Delivery {
	/** The result for a target without connections. */
	Nobody NOBODY = new Nobody();

	/**
	 * Every connection of the target has accepted the call; all of them are on this node.
	 *
	 * @param connections the number of these connections
	 */
	record Delivered(long connections) implements Delivery {
	}

	/**
	 * The call was passed to other nodes, which will carry it out; their results are not known yet.
	 *
	 * @param connections the number of connections on this node that have accepted the call
	 * @param nodes       the number of other nodes that received the call
	 */
	record HandedOver(long connections, int nodes) implements Delivery {
	}

	/** The target has no connections: the connection does not exist, the user is not connected, the group is empty. */
	record Nobody() implements Delivery {
	}

	/**
	 * Some connections have refused the call: their closing handshake has begun, their outbox is full, or the message is too large.
	 *
	 * @param connections the number of connections that have accepted the call
	 * @param refused     the number of connections that have refused it
	 */
	record Partial(long connections, long refused) implements Delivery {
	}

	/**
	 * The result is not known, because another part of the cluster does not answer. The call may have been carried out there.
	 *
	 * @param connections the number of connections that are known to have accepted the call
	 */
	record Unknown(long connections) implements Delivery {
	}

	/**
	 * The call did not get to all other nodes with connections of the target, and will not.
	 *
	 * @param connections the number of connections that have accepted the call
	 * @param reason      why it did not get there
	 */
	record Unreached(long connections, Reason reason) implements Delivery {

		/** Why a call does not get to another node. */
		public enum Reason {
			/** Redis, through which nodes reach each other, does not answer. */
			AWAY,
			/** As many calls wait for another node as may. */
			OVERLOADED
		}
	}

	/** The result of one node, from the numbers of connections that have accepted and refused the call. */
	static Delivery of(long connections, long refused) {
		if (refused > 0) {
			return new Partial(connections, refused);
		}
		return connections == 0 ? NOBODY : new Delivered(connections);
	}
}
