package dev.hawser.api;

/**
 * The result of a send. A peer that has gone is a result and not an exception, since it is no error of the sender. No result means
 * that the peer has read the message: only an answer from the peer shows that.
 */
public sealed interface SendResult {
	Sent SENT = new Sent();
	NotFound NOT_FOUND = new NotFound();
	NotEstablished NOT_ESTABLISHED = new NotEstablished();
	AlreadyAnswered ALREADY_ANSWERED = new AlreadyAnswered();

	/** The message was handed to the operating system, or will be written at the end of the running batch of callbacks. */
	record Sent() implements SendResult {
		@Override
		public boolean accepted() {
			return true;
		}
	}

	/**
	 * The message waits in the outbox because the peer reads too slowly.
	 *
	 * @param queuedBytes bytes that wait now, including this message
	 */
	record Queued(long queuedBytes) implements SendResult {
		@Override
		public boolean accepted() {
			return true;
		}
	}

	/** No connection has this fd: it never existed, or is closed. */
	record NotFound() implements SendResult {
		@Override
		public boolean accepted() {
			return false;
		}
	}

	/** The connection cannot carry messages any more: its closing handshake has begun. */
	record NotEstablished() implements SendResult {
		@Override
		public boolean accepted() {
			return false;
		}
	}

	/**
	 * The message alone is larger than a connection may send. Nothing was sent, and the connection stays open.
	 *
	 * @param limit largest payload of a message, in bytes
	 */
	record TooLarge(long limit) implements SendResult {
		@Override
		public boolean accepted() {
			return false;
		}
	}

	/**
	 * The outbox is full. The message was not sent. The slow-consumer policy decides whether the connection is closed with 1013 or
	 * stays open without this message. When the first fragment of a message is refused, its other fragments are refused as well. A
	 * refused fragment in the middle of a message closes the connection under every policy.
	 *
	 * @param bound bytes that the outbox may hold
	 */
	record Overflowed(long bound) implements SendResult {
		@Override
		public boolean accepted() {
			return false;
		}
	}

	/** The client's request had its one answer already. The message was not sent. */
	record AlreadyAnswered() implements SendResult {
		@Override
		public boolean accepted() {
			return false;
		}
	}

	/** Whether the message is on its way: {@link Sent} or {@link Queued}. */
	boolean accepted();
}
