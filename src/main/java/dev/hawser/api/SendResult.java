package dev.hawser.api;

/**
 * What became of a send. None of them is an exception, because a peer that has gone is no error of the sender's, and none
 * of them says that the peer has read anything: only an answer of the peer's own does.
 */
public sealed interface SendResult {
	Sent SENT = new Sent();
	NotFound NOT_FOUND = new NotFound();
	NotEstablished NOT_ESTABLISHED = new NotEstablished();

	/** Handed to the operating system, or part of the gathered write at the end of the running batch of callbacks. */
	record Sent() implements SendResult {
	}

	/**
	 * Waits in the outbox because the peer reads more slowly than is sent.
	 *
	 * @param queuedBytes what waits now, this message included
	 */
	record Queued(long queuedBytes) implements SendResult {
	}

	/** No connection has this fd: it never existed, or it is closed. */
	record NotFound() implements SendResult {
	}

	/** The connection is there but cannot carry messages: its closing handshake has begun. */
	record NotEstablished() implements SendResult {
	}

	/**
	 * The message alone is larger than a connection may send; nothing was sent and the connection lives on.
	 *
	 * @param limit the most that a message may have, in bytes of payload
	 */
	record TooLarge(long limit) implements SendResult {
	}

	/**
	 * The outbox is full. The message was not sent; by the slow-consumer policy the connection is being closed with 1013,
	 * or lives on without this message. After the first fragment of a message the others are refused as well; a refused fragment
	 * in the middle of one closes the connection whatever the policy.
	 *
	 * @param bound bytes that the outbox may hold
	 */
	record Overflowed(long bound) implements SendResult {
	}

	/** Whether the message is on its way: {@link Sent} or {@link Queued}. */
	default boolean accepted() {
		return switch (this) {
			case Sent _,Queued _ -> true;
			case NotFound _,NotEstablished _,TooLarge _,Overflowed _ -> false;
		};
	}
}
