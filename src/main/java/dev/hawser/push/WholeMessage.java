package dev.hawser.push;

import dev.hawser.api.Frame;
import dev.hawser.api.SendResult;
import dev.hawser.api.Target;
import dev.hawser.connection.Subprotocol;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.Utf8Validator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A whole message for any number of receivers. It is wrapped, encoded and, if agreed, compressed once for each subprotocol of the
 * receivers. Used by one thread.
 */
final class WholeMessage {
	private final OutgoingFrame message;
	private final Subprotocol.Envelope envelope;
	private final Map<Subprotocol, OutgoingFrame> frames = new HashMap<>(2);

	private WholeMessage(OutgoingFrame message, Subprotocol.Envelope envelope) {
		this.message = message;
		this.envelope = envelope;
	}

	/** @throws IllegalArgumentException for a fragment, a control frame, and for text that is not UTF-8 or JSON that is not JSON */
	static WholeMessage of(Frame message) {
		requireWhole(message);
		return new WholeMessage(OutgoingFrame.forMany(message.opcode(), message.data()), Subprotocol.Envelope.of(message));
	}

	/** As {@link #of(Frame)}, for the connections of a target. */
	static WholeMessage of(Frame message, Target target) {
		WholeMessage whole = of(message);
		return target instanceof Target.Group group ? new WholeMessage(whole.message, whole.envelope.toGroup(group.name())) : whole;
	}

	/** The same message, which is dropped where it still waits at this time on the clock of {@link System#nanoTime}. */
	WholeMessage until(long end) {
		return new WholeMessage(message.until(end), envelope);
	}

	/** The time at which this time from now is over, for {@link #until}. */
	static long end(Duration within) {
		if (within.isNegative() || within.isZero()) {
			throw new IllegalArgumentException("within must be a positive time, but is " + within + ".");
		}
		return System.nanoTime() + within.toNanos();
	}

	/** The same message for one receiver, for which its bytes need not be kept ready. */
	WholeMessage forOne() {
		return new WholeMessage(message.forOne(), envelope);
	}

	SendResult sendTo(WebSocketConnection connection) {
		return connection.pushWrapped(frames.computeIfAbsent(connection.subprotocol(), this::wrapped));
	}

	private OutgoingFrame wrapped(Subprotocol subprotocol) {
		OutgoingFrame frame = subprotocol.wrap(message, envelope);
		return message.isForMany() ? frame.forMany() : frame;
	}

	/** The message for one receiver. Throws as {@link #of}. */
	static OutgoingFrame frame(Frame message) {
		requireWhole(message);
		return new OutgoingFrame(message.opcode(), true, message.data());
	}

	private static void requireWhole(Frame message) {
		if (!message.finish() || (!message.isText() && !message.isBinary())) {
			throw new IllegalArgumentException("A whole text or binary message is needed here, not " + message + ".");
		}
		if (!message.isFromString()) {
			requireUtf8(message.data(), message.opcode(), true);
		}
	}

	/** A frame for one receiver. Text given as bytes is checked: a client would have to fail the connection for invalid UTF-8. */
	static OutgoingFrame checked(byte[] data, Opcode opcode, boolean finish) {
		requireUtf8(data, opcode, finish);
		return new OutgoingFrame(opcode, finish, data);
	}

	private static void requireUtf8(byte[] data, Opcode opcode, boolean finish) {
		if (opcode == Opcode.TEXT && finish && !Utf8Validator.isUtf8(data)) {
			throw new IllegalArgumentException("A text message must be UTF-8 (RFC 6455 section 5.6): push these bytes as BINARY.");
		}
	}
}
