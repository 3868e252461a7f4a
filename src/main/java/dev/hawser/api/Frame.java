package dev.hawser.api;

import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
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
	private final boolean fromString;
	/** One of the two is there from the start, the other is made when asked for. */
	private @Nullable String text;
	private byte @Nullable [] data;

	private Frame(long fd, Opcode opcode, int flags, @Nullable String text, byte @Nullable [] data) {
		this.fd = fd;
		this.opcode = opcode;
		this.flags = flags;
		this.fromString = text != null;
		this.text = text;
		this.data = data;
	}

	/** A frame of the given kind; {@code finish} false makes it a fragment of a message. {@code fd} is the receiver's. */
	public static Frame of(long fd, byte[] data, Opcode opcode, boolean finish) {
		return new Frame(fd, opcode, finish ? FLAG_FIN : 0, null, data);
	}

	/** A whole text message for {@code fd}. */
	public static Frame text(long fd, String text) {
		return new Frame(fd, Opcode.TEXT, FLAG_FIN, text, null);
	}

	/** A whole binary message for {@code fd}. */
	public static Frame binary(long fd, byte[] data) {
		return new Frame(fd, Opcode.BINARY, FLAG_FIN, null, data);
	}

	/** A text message that a client has sent: what a test of an {@code OnMessage} hands in. */
	public static Frame received(long fd, String text) {
		return new Frame(fd, Opcode.TEXT, FLAG_FIN | FLAG_MASK, text, null);
	}

	/** A message of any kind that a client has sent, whole. */
	public static Frame received(long fd, Opcode opcode, byte[] data) {
		return new Frame(fd, opcode, FLAG_FIN | FLAG_MASK, null, data);
	}

	/** Whose it is: the sender's number when received, the receiver's when pushed. */
	public long fd() {
		return fd;
	}

	/** The payload; for text its UTF-8 bytes. */
	public byte[] data() {
		byte[] bytes = data;
		if (bytes == null) {
			bytes = Objects.requireNonNull(text).getBytes(StandardCharsets.UTF_8);
			data = bytes;
		}
		return bytes;
	}

	/** The payload as text; of a binary message, decoded as UTF-8 with U+FFFD for what is none. */
	public String text() {
		String string = text;
		if (string == null) {
			string = new String(Objects.requireNonNull(data), StandardCharsets.UTF_8);
			text = string;
		}
		return string;
	}

	/** Whether the frame was made from a string, and so is valid text; bytes are not, even if {@link #text} has decoded them. */
	public boolean isFromString() {
		return fromString;
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
