package dev.hawser.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from a client's bytes: decodes frames, asks the rules, assembles fragments. Not thread-safe; one per
 * connection, fed by one thread at a time.
 */
public final class MessageReader {
	private static final byte[] EMPTY = new byte[0];

	private int textLimit;
	private int binaryLimit;
	private final int inflatedLimit;
	private int inflatedTextLimit;
	private int inflatedBinaryLimit;
	private final FrameDecoder decoder = new FrameDecoder();
	private final MessageAssembler message;
	private boolean inPayload;
	private boolean closed;
	/** Payload of the control frame that is being read. */
	private byte[] control = EMPTY;

	/** @param limit bytes of payload that one message may have */
	public MessageReader(int limit) {
		this(limit, null, 0);
	}

	/**
	 * @param limit         bytes of payload that one message may have, as it comes over the wire
	 * @param deflate       what was agreed on about compression; null for nothing
	 * @param inflatedLimit bytes that one compressed message may have when it is inflated
	 */
	public MessageReader(int limit, @Nullable PerMessageDeflate deflate, int inflatedLimit) {
		this.textLimit = limit;
		this.binaryLimit = limit;
		this.inflatedLimit = inflatedLimit;
		this.inflatedTextLimit = inflatedLimit;
		this.inflatedBinaryLimit = inflatedLimit;
		this.message = new MessageAssembler(deflate == null ? null : new MessageInflater(deflate.clientTakesOver()));
	}

	/**
	 * Bytes of UTF-8 that one text message may have; heeded from the next frame on. A compressed message may have no more over
	 * the wire, nor, from the next one on, when it is inflated; the limit on inflated messages it does not raise.
	 */
	public void textLimit(int bytes) {
		textLimit = bytes;
		inflatedTextLimit = Math.clamp(bytes, 0, inflatedLimit);
	}

	public int textLimit() {
		return textLimit;
	}

	/** Bytes that one binary message may have; as {@link #textLimit(int)}. */
	public void binaryLimit(int bytes) {
		binaryLimit = bytes;
		inflatedBinaryLimit = Math.clamp(bytes, 0, inflatedLimit);
	}

	public int binaryLimit() {
		return binaryLimit;
	}

	/**
	 * Takes all of {@code in} and hands on what is whole. After a close frame the rest is discarded unread.
	 *
	 * @throws ProtocolException at the first rule broken; what came before it has been handed on, and the reader must not
	 *     be used again
	 */
	public void read(ByteBuffer in, MessageHandler handler) throws ProtocolException {
		try {
			readAll(in, handler);
		}
		finally {
			message.giveBack();
		}
	}

	private void readAll(ByteBuffer in, MessageHandler handler) throws ProtocolException {
		while (!closed) {
			if (!inPayload) {
				if (!decoder.readHeader(in)) {
					return;
				}
				begin(in.remaining());
				inPayload = true;
			}
			if (FrameHead.opcode(decoder.head()) >= Opcode.CLOSE.code()) {
				decoder.readPayload(in, control, (int) (decoder.length() - decoder.payloadLeft()));
			}
			else {
				message.append(decoder, in);
			}
			if (decoder.payloadLeft() > 0) {
				return;
			}
			inPayload = false;
			end(handler);
		}
		in.position(in.limit());
	}

	/**
	 * Bytes of memory that a message which has not come to its end takes, and a window that the client's messages share. The
	 * largest part is exact, and bookkeeping is left out. To be called by the thread that reads, between two reads.
	 */
	public int held() {
		return message.held();
	}

	/**
	 * Nothing more will be read: gives back the memory outside the heap that a shared window takes (or a compressed message that
	 * was broken off). The reader must not be used after that, and not be in use now.
	 */
	public void end() {
		message.end();
	}

	private void begin(int available) throws ProtocolException {
		int head = decoder.head();
		boolean compressed = message.inflates() && isCompressed(head);
		Violation violation = FrameRules.check(compressed ? head & ~FrameHead.RSV1 : head, decoder.length(), message.assembled(),
				limit(head));
		if (violation != null) {
			throw new ProtocolException(violation);
		}
		int length = (int) decoder.length();
		int opcode = FrameHead.opcode(head);
		if (opcode >= Opcode.CLOSE.code()) {
			control = length == 0 ? EMPTY : new byte[length];
		}
		else if (compressed) {
			message.beginCompressed(opcode, FrameHead.fin(head) && length <= available,
					opcode == Opcode.TEXT.code() ? inflatedTextLimit : inflatedBinaryLimit);
		}
		else {
			message.begin(opcode, FrameHead.fin(head), length, Math.min(length, available));
		}
	}

	/** RFC 7692 section 6: RSV1 of a message's first frame says that the message is compressed; elsewhere it stays reserved. */
	private static boolean isCompressed(int head) {
		int opcode = FrameHead.opcode(head);
		return (head & FrameHead.RSV1) != 0 && (opcode == Opcode.TEXT.code() || opcode == Opcode.BINARY.code());
	}

	private int limit(int head) {
		boolean text = message.assembled() >= 0 ? message.isText() : FrameHead.opcode(head) == Opcode.TEXT.code();
		return text ? textLimit : binaryLimit;
	}

	private void end(MessageHandler handler) throws ProtocolException {
		int head = decoder.head();
		int opcode = FrameHead.opcode(head);
		if (opcode < Opcode.CLOSE.code()) {
			if (FrameHead.fin(head)) {
				message.finish(handler);
			}
			return;
		}
		byte[] payload = control;
		control = EMPTY;
		if (opcode == Opcode.PING.code()) {
			handler.ping(payload);
		}
		else if (opcode == Opcode.PONG.code()) {
			handler.pong(payload);
		}
		else {
			closed = true;
			handler.close(CloseCodes.parse(payload));
		}
	}
}
