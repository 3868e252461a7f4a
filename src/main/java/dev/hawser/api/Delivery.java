package dev.hawser.api;

/**
 * What became of a verb of {@link Clients}, for all connections that were meant. None of them says that a client has read anything: only
 * an answer of the client's own does. On one node only {@link Delivered}, {@link Nobody} and {@link Partial} occur.
 */
public sealed interface Delivery {
	/** The answer where no connection was meant. */
	Nobody NOBODY = new Nobody();

	/**
	 * Every connection that was meant has taken it; all of them are on this node.
	 *
	 * @param connections how many those are
	 */
	record Delivered(long connections) implements Delivery {
	}

	/**
	 * Other nodes have been given it and will carry it out; what they will meet there is not known yet.
	 *
	 * @param connections how many connections on this node have taken it
	 * @param nodes       how many other nodes have been given it
	 */
	record HandedOver(long connections, int nodes) implements Delivery {
	}

	/** No connection is meant: it does not exist, the user is not connected, the group is empty. */
	record Nobody() implements Delivery {
	}

	/**
	 * Some connections have not taken it: their closing handshake has begun, their outbox is full, or the message is larger than they take.
	 *
	 * @param connections how many have taken it
	 * @param refused     how many have not
	 */
	record Partial(long connections, long refused) implements Delivery {
	}

	/** It cannot be told: what must be asked does not answer. It may have been carried out. */
	record Unknown() implements Delivery {
	}

	/** The answer of one node, from the numbers of those that have taken it and those that have not. */
	static Delivery of(long connections, long refused) {
		if (refused > 0) {
			return new Partial(connections, refused);
		}
		return connections == 0 ? NOBODY : new Delivered(connections);
	}
}
