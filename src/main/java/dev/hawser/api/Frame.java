package dev.hawser.api;

import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** A message that a client sent, or that is to be pushed. Immutable; the array belongs to the frame and must not be changed. */
public final class Frame {
	/** Bits of {@link #flags}, as in Swoole. */
	public static final int FLAG_FIN = 1;
	public static final int FLAG_MASK = 32;
	/** The event of messages without a name of their own. */
	private static final String MESSAGE = "message";

	private final long fd;
	private final Opcode opcode;
	private final int flags;
	/** A String when the frame was made from a String, otherwise an array of bytes. */
	private final Object payload;
	/** Null when all of it is as for a message of a raw WebSocket. */
	private final @Nullable Extras extras;
	/** The payload converted to the other type, made at the first use. Two threads may both make it, which does no harm. */
	private volatile @Nullable Object converted;

	private Frame(long fd, Opcode opcode, int flags, Object payload) {
		this(fd, opcode, flags, payload, null);
	}

	private Frame(long fd, Opcode opcode, int flags, Object payload, @Nullable Extras extras) {
		this.fd = fd;
		this.opcode = opcode;
		this.flags = flags;
		this.payload = payload;
		this.extras = extras;
	}

	/**
	 * The request of a client with a subprotocol that a frame came with. Applications use it through {@link WebSocketServer#reply}. Any
	 * thread may call.
	 */
	public interface Request {
		/**
		 * Sends an answer to the client. A request that has exactly one answer refuses further ones with {@link
		 * SendResult.AlreadyAnswered}.
		 */
		SendResult reply(Frame answer);

		/** The request cannot be carried out: its client is told, once the callback has returned. */
		void fail();
	}

	/** What a message of a raw WebSocket does not have. */
	private record Extras(String event, DataType dataType, Map<String, String> metadata, @Nullable String sender,
			@Nullable Request request) {
	}

	private Extras extrasOrPlain() {
		return extras != null ? extras : new Extras(MESSAGE, dataType(), Map.of(), null, null);
	}

	/** A frame of the given kind for the receiver {@code fd}. With {@code finish} false the frame is a fragment of a message. */
	public static Frame of(long fd, byte[] data, Opcode opcode, boolean finish) {
		return new Frame(fd, opcode, finish ? FLAG_FIN : 0, data);
	}

	/** A whole text message to push, without a receiver. */
	public static Frame text(String text) {
		return text(0, text);
	}

	/** A whole binary message to push, without a receiver. */
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

	/**
	 * A whole message with JSON to push, without a receiver. A client with a subprotocol gets it as JSON, every other client as text.
	 *
	 * @param json one value (RFC 8259); checked when the message is pushed
	 */
	public static Frame json(String json) {
		return json(0, json);
	}

	/** As {@link #json(String)}, for JSON in UTF-8; the array must not be changed afterwards. */
	public static Frame json(byte[] json) {
		return new Frame(0, Opcode.TEXT, FLAG_FIN, json, new Extras(MESSAGE, DataType.JSON, Map.of(), null, null));
	}

	/** As {@link #json(String)}, for {@code fd}. */
	public static Frame json(long fd, String json) {
		return new Frame(fd, Opcode.TEXT, FLAG_FIN, json, new Extras(MESSAGE, DataType.JSON, Map.of(), null, null));
	}

	/** A text message as received from a client, for tests of an {@code OnMessage}. */
	public static Frame received(long fd, String text) {
		return new Frame(fd, Opcode.TEXT, FLAG_FIN | FLAG_MASK, text);
	}

	/** A whole message of any kind as received from a client. */
	public static Frame received(long fd, Opcode opcode, byte[] data) {
		return new Frame(fd, opcode, FLAG_FIN | FLAG_MASK, data);
	}

	/**
	 * The same message as received from a client with a subprotocol.
	 *
	 * @param fd      the client's connection
	 * @param event   the name of the event
	 * @param request takes the answer; null when the client does not wait for any
	 */
	public Frame asReceived(long fd, String event, @Nullable Request request) {
		return new Frame(fd, opcode, FLAG_FIN | FLAG_MASK, payload, new Extras(event, dataType(), metadata(), sender(), request));
	}

	/**
	 * The same message with these entries in place of those that it has. Clients with a subprotocol get them beside the message, and
	 * webhooks as headers.
	 *
	 * @param metadata at most 64 entries and 8 KiB of ASCII: names of up to 256 characters that HTTP allows in the name of a header,
	 *     and values of up to 1,024 characters without control characters
	 * @throws IllegalArgumentException for other entries
	 */
	public Frame withMetadata(Map<String, String> metadata) {
		Metadata.require(metadata);
		Extras now = extrasOrPlain();
		return new Frame(fd, opcode, flags, payload,
				new Extras(now.event, now.dataType, Map.copyOf(metadata), now.sender, now.request));
	}

	/** The same message in the name of a user: clients with a subprotocol see who has sent it to a group. */
	public Frame from(@Nullable String userId) {
		Extras now = extrasOrPlain();
		return new Frame(fd, opcode, flags, payload, new Extras(now.event, now.dataType, now.metadata, userId, now.request));
	}

	/** The number of the connection: the sender's for a received message, the receiver's for a pushed one. */
	public long fd() {
		return fd;
	}

	/** The payload; for text, the UTF-8 bytes. */
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

	/** The payload as text. The payload of a binary message is decoded as UTF-8, with U+FFFD for invalid bytes. */
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

	/**
	 * Whether the frame was made from a String, and so is valid text. False for a frame made from bytes, even after {@link #text}.
	 */
	public boolean isFromString() {
		return payload instanceof String;
	}

	/** Text, also for JSON, or binary; for a message in fragments, the opcode of the first. A control frame only when the settings deliver them. */
	public Opcode opcode() {
		return opcode;
	}

	/** The sum of the {@code FLAG_} bits; a received frame has {@link #FLAG_FIN} and {@link #FLAG_MASK}. */
	public int flags() {
		return flags;
	}

	/** Whether the message is whole; always true for a received message. */
	public boolean finish() {
		return (flags & FLAG_FIN) != 0;
	}

	/**
	 * The name of the event that this frame stands for: {@code message} for every message of a raw WebSocket, otherwise the name that
	 * the client gives it.
	 */
	public String event() {
		return extras == null ? MESSAGE : extras.event;
	}

	/** How {@link #data} is to be read. Control frames have bytes. */
	public DataType dataType() {
		if (extras != null) {
			return extras.dataType;
		}
		return isText() ? DataType.TEXT : DataType.BINARY;
	}

	/** Small texts by name that go beside the message; empty for messages of raw WebSockets. */
	public Map<String, String> metadata() {
		return extras == null ? Map.of() : extras.metadata;
	}

	/** The user in whose name a message is pushed, see {@link #from}; null for none. */
	public @Nullable String sender() {
		return extras == null ? null : extras.sender;
	}

	/** The request that the frame came with; null for messages of raw WebSockets, and for messages to push. */
	public @Nullable Request request() {
		return extras == null ? null : extras.request;
	}

	/** Whether a client has sent it. */
	public boolean isReceived() {
		return (flags & FLAG_MASK) != 0;
	}

	/** Whether the message is nothing but its payload: text or bytes, without metadata. */
	public boolean isPlain() {
		return extras == null;
	}

	public boolean isText() {
		return opcode == Opcode.TEXT;
	}

	public boolean isBinary() {
		return opcode == Opcode.BINARY;
	}

	/**
	 * Code and reason of a {@link Opcode#CLOSE} frame; 1000 when its body is empty. Makes no sense for other frames.
	 *
	 * @throws IllegalArgumentException for a body that no close frame may have (RFC 6455 section 5.5.1)
	 */
	public CloseStatus closeStatus() {
		byte[] body = data();
		if (body.length >= 2) {
			CloseCodes.requireSendable((body[0] & 0xFF) << 8 | (body[1] & 0xFF), null);
		}
		try {
			CloseStatus status = CloseCodes.parse(body);
			return status.equals(CloseStatus.NO_STATUS_CODE) ? CloseStatus.NORMAL : status;
		}
		catch (ProtocolException e) {
			throw new IllegalArgumentException("This is not the body of a close frame: " + e.closeStatus().getReason()
					+ " (RFC 6455 section 5.5.1).", e);
		}
	}

	/** Kind and size; never the payload. */
	@Override
	public String toString() {
		return "Frame[fd=" + fd + ", opcode=" + opcode + ", finish=" + finish() + "]";
	}
}
