package dev.hawser.connection;

import dev.hawser.api.SendResult;
import dev.hawser.connection.outbox.Unconfirmed;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends for a connection that outlives its socket: what it sends is kept, or put aside for another node. Safe for any thread. */
final class UnconfirmedSending {
	private static final int MOST_NAMES = 64;

	private final LastingConnection connection;
	private final Unconfirmed unconfirmed;
	/** The names of the last messages here that may be sent again; null for none. Guarded by the connection's lock. */
	private @Nullable ArrayDeque<String> names;

	UnconfirmedSending(LastingConnection connection, Unconfirmed unconfirmed) {
		this.connection = connection;
		this.unconfirmed = unconfirmed;
	}

	private interface Offer {
		@Nullable
		SendResult make() throws IOException;
	}

	/** What is done with the messages. */
	interface Use {
		void make(Unconfirmed all) throws IOException;
	}

	/** Sends a message, which is kept until the client confirms it. */
	SendResult send(OutgoingFrame message) {
		String name = MessageName.current();
		return offered(message, () -> {
			Move move = connection.move;
			if (move != null && move.isForOther()) {
				move.putAside(message);
				return SendResult.SENT;
			}
			if (name != null && names != null && names.contains(name)) {
				return SendResult.SENT;
			}
			SendResult result = unconfirmed.send(message);
			if (name != null && result != null && result.accepted()) {
				remember(name);
			}
			return result;
		});
	}

	/** The names of the last messages that may be sent again, the oldest first. */
	List<String> names() {
		return names == null ? List.of() : List.copyOf(names);
	}

	/** The client has the message of this name, or will. */
	void remember(String name) {
		names = names == null ? new ArrayDeque<>() : names;
		names.add(name);
		if (names.size() > MOST_NAMES) {
			names.remove();
		}
	}

	/** Sends a frame, which is not kept. */
	SendResult sendOnce(OutgoingFrame frame) {
		return offered(frame, () -> unconfirmed.sendOnce(frame));
	}

	/** A client for which there is no room would miss this frame, and never learn of it: its connection ends. */
	private SendResult offered(OutgoingFrame frame, Offer offer) {
		SendResult result = offer(offer);
		if (result == null) {
			connection.closing.fail(CloseReasons.UNCONFIRMED);
			result = new SendResult.Overflowed(connection.continuity.bounds.bytes());
		}
		return told(frame, result);
	}

	private @Nullable SendResult offer(Offer offer) {
		connection.lock.lock();
		try {
			return offer.make();
		}
		catch (IOException e) {
			connection.broken(e);
			return SendResult.NOT_FOUND;
		}
		finally {
			tellDropped();
			connection.lock.unlock();
		}
	}

	private SendResult told(OutgoingFrame frame, SendResult result) {
		if (result.accepted()) {
			connection.sent(frame.opcode(), frame.length(), frame);
		}
		else if (result instanceof SendResult.Overflowed || result instanceof SendResult.TooLarge) {
			connection.hub().observer().refused(connection, result);
		}
		return result;
	}

	private void tellDropped() {
		int messages = unconfirmed.takeDropped();
		if (messages > 0) {
			connection.lock.afterwards(() -> connection.dropped(messages));
		}
	}

	/** Does this with the messages. Under the connection's lock. */
	void use(Use use) {
		try {
			use.make(unconfirmed);
		}
		catch (IOException e) {
			connection.broken(e);
		}
		tellDropped();
	}
}
