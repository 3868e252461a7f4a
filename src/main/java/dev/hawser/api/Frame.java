package dev.hawser.api;

import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * A message as callbacks see it: what a client sent, or what is to be pushed. Immutable; the array belongs to the frame and
 * must not be changed.
 */
public final class Frame {
	/** Bits of {@link #flags}, as in Swoole. */
	public static final int FLAG_FIN = 1;
	public static final int FLAG_COMPRESS = 2;
	public static final int FLAG_RSV1 = 4;
	public static final int FLAG_MASK = 32;

	private final long fd;
	private final Opcode opcode;
	private final int flags;
	/** A String when the frame was made from one, otherwise an array of bytes. */
	private final Object payload;
	/** The payload as the other of the two, made when asked for; made twice by two threads, which does no harm. */
	private volatile @Nullable Object converted;

	private Frame(long fd, Opcode opcode, int flags, Object payload) {
		this.fd = fd;
		this.opcode = opcode;
		this.flags = flags;
		this.payload = payload;
	}

	/** A frame of the given kind; {@code finish} false makes it a fragment of a message. {@code fd} is the receiver's. */
	public static Frame of(long fd, byte[] data, Opcode opcode, boolean finish) {
		return new Frame(fd, opcode, finish ? FLAG_FIN : 0, data);
	}

	/** A whole text message, for whomever it is pushed to. */
	public static Frame text(String text) {
		return text(0, text);
	}

	/** A whole binary message, for whomever it is pushed to. */
	public static Frame binary(byte[] data) {
		return binary(0, data);
	}

	/** A whole text message for {@code fd}. */
	public static Frame text(long fd, String text) {
		return new Frame(fd, Opcode.TEXT, FLAG_FIN, text);
	}

	/** A whole binary message for {@code fd}. */
	public static Frame binary(long fd, byte[] data) {
		return new Frame(fd, Opcode.BINARY, FLAG_FIN, data);
	}

	/** A text message that a client has sent: what a test of an {@code OnMessage} hands in. */
	public static Frame received(long fd, String text) {
		return new Frame(fd, Opcode.TEXT, FLAG_FIN | FLAG_MASK, text);
	}

	/** A message of any kind that a client has sent, whole. */
	public static Frame received(long fd, Opcode opcode, byte[] data) {
		return new Frame(fd, opcode, FLAG_FIN | FLAG_MASK, data);
	}

	/** Whose it is: the sender's number when received, the receiver's when pushed. */
	public long fd() {
		return fd;
	}

	/** The payload; for text its UTF-8 bytes. */
	public byte[] data() {
		if (payload instanceof byte[] given) {
			return given;
		}
		if (converted instanceof byte[] known) {
			return known;
		}
		byte[] encoded = ((String) payload).getBytes(StandardCharsets.UTF_8);
		converted = encoded;
		return encoded;
	}

	/** The payload as text; of a binary message, decoded as UTF-8 with U+FFFD for what is none. */
	public String text() {
		if (payload instanceof String given) {
			return given;
		}
		if (converted instanceof String known) {
			return known;
		}
		String decoded = new String((byte[]) payload, StandardCharsets.UTF_8);
		converted = decoded;
		return decoded;
	}

	/** Whether the frame was made from a string, and so is valid text; bytes are not, even if {@link #text} has decoded them. */
	public boolean isFromString() {
		return payload instanceof String;
	}

	/** Text or binary; of a message that came in fragments, the first one's. Control frames only where they are asked for. */
	public Opcode opcode() {
		return opcode;
	}

	/** The sum of the {@code FLAG_} bits; a received frame has {@link #FLAG_FIN} and {@link #FLAG_MASK}. */
	public int flags() {
		return flags;
	}

	/** Whether the message is whole; always true when received. */
	public boolean finish() {
		return (flags & FLAG_FIN) != 0;
	}

	/** The name of the event that a client has caused with it: {@code message} for every message of a raw WebSocket. */
	public String event() {
		return "message";
	}

	/** How {@link #data} is to be read. Control frames have bytes. */
	public DataType dataType() {
		return isText() ? DataType.TEXT : DataType.BINARY;
	}

	public boolean isText() {
		return opcode == Opcode.TEXT;
	}

	public boolean isBinary() {
		return opcode == Opcode.BINARY;
	}

	/**
	 * Code and reason of a close frame: 1000 when its body is empty. Of meaning for {@link Opcode#CLOSE} only.
	 *
	 * @throws IllegalArgumentException for a body that no close frame may have (RFC 6455 section 5.5.1)
	 */
	public CloseStatus closeStatus() {
		byte[] body = data();
		if (body.length >= 2) {
			CloseCodes.requireSendable((body[0] & 0xFF) << 8 | body[1] & 0xFF, null);
		}
		try {
			CloseStatus status = CloseCodes.parse(body);
			return status.equals(CloseStatus.NO_STATUS_CODE) ? CloseStatus.NORMAL : status;
		}
		catch (ProtocolException e) {
			throw new IllegalArgumentException("This is no body of a close frame: " + e.closeStatus().getReason()
					+ " (RFC 6455 section 5.5.1).", e);
		}
	}

	/** Kind and size; never the payload. */
	@Override
	public String toString() {
		return "Frame[fd=" + fd + ", opcode=" + opcode + ", finish=" + finish() + "]";
	}
}
