package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from a client's bytes: decodes frames, asks the rules, assembles fragments. Not thread-safe; one per
 * connection, fed by one thread at a time.
 */
public final class MessageReader {
	private Limits limits;
	/** Null between two reads while no frame or message is open: an idle connection has none. */
	private @Nullable OpenFrame open;
	private boolean closed;

	/**
	 * The most bytes that messages may have. Readers with the same limits usually share one object, so that each is small.
	 *
	 * @param text         of a text message, as received on the wire
	 * @param inflated     of any message when it is inflated
	 * @param inflatedText of a text message when it is inflated
	 */
	private record Limits(int text, int binary, int inflated, int inflatedText, int inflatedBinary) {
		/** Those that readers were lately made with. The places are odd in number: limits are mostly multiples of powers of two. */
		private static final AtomicReferenceArray<Limits> RECENT = new AtomicReferenceArray<>(15);

		static Limits of(int wire, int inflated) {
			Limits wanted = new Limits(wire, wire, inflated, inflated, inflated);
			int place = Integer.remainderUnsigned(wanted.hashCode(), RECENT.length());
			Limits known = RECENT.get(place);
			if (wanted.equals(known)) {
				return known;
			}
			RECENT.set(place, wanted);
			return wanted;
		}

		Limits withText(int bytes) {
			return new Limits(bytes, binary, inflated, Math.clamp(bytes, 0, inflated), inflatedBinary);
		}

		Limits withBinary(int bytes) {
			return new Limits(text, bytes, inflated, inflatedText, Math.clamp(bytes, 0, inflated));
		}
	}

	/** @param limit bytes of payload that one message may have */
	public MessageReader(int limit) {
		this(limit, null, 0);
	}

	/**
	 * @param limit         most bytes of payload of one message, as received on the wire
	 * @param deflate       the agreement on compression; null for no compression
	 * @param inflatedLimit most bytes of one compressed message when it is inflated
	 */
	public MessageReader(int limit, @Nullable PerMessageDeflate deflate, int inflatedLimit) {
		this.limits = Limits.of(limit, inflatedLimit);
		this.open = deflate == null ? null : new OpenFrame(new MessageInflater(deflate.clientTakesOver()));
	}

	/**
	 * Sets the most bytes of UTF-8 of one text message, from the next frame on. For a compressed message the limit holds on the
	 * wire and, from the next message on, also when it is inflated. Never raises the limit on inflated messages.
	 */
	public void textLimit(int bytes) {
		limits = limits.withText(bytes);
	}

	public int textLimit() {
		return limits.text;
	}

	/** Sets the most bytes of one binary message; otherwise as {@link #textLimit(int)}. */
	public void binaryLimit(int bytes) {
		limits = limits.withBinary(bytes);
	}

	public int binaryLimit() {
		return limits.binary;
	}

	/**
	 * Takes all of {@code in} and passes whole messages to the handler. After a close frame the rest is discarded unread.
	 *
	 * @throws ProtocolException at the first broken rule. Messages before it have been passed on, and the reader must not be used
	 *     again
	 */
	public void read(ByteBuffer in, MessageHandler handler) throws ProtocolException {
		OpenFrame frame = open == null ? OpenFrame.FREE.take() : open;
		try {
			readAll(in, frame, handler);
		}
		finally {
			frame.message.giveBack();
			leave(frame);
		}
	}

	/** Stores as few references as possible, since each store is expensive. */
	private void leave(OpenFrame frame) {
		boolean rests = frame.isAtRest();
		if (rests && open != null) {
			open = null;
		}
		else if (!rests && open == null) {
			open = frame;
		}
		if (rests) {
			OpenFrame.FREE.give(frame);
		}
	}

	private void readAll(ByteBuffer in, OpenFrame frame, MessageHandler handler) throws ProtocolException {
		FrameDecoder decoder = frame.decoder;
		while (!closed) {
			if (!frame.inPayload) {
				if (!decoder.readHeader(in)) {
					return;
				}
				begin(frame, in.remaining());
				frame.inPayload = true;
			}
			if (FrameHead.opcode(decoder.head()) >= Opcode.CLOSE.code()) {
				decoder.readPayload(in, frame.control, (int) (decoder.length() - decoder.payloadLeft()));
			}
			else {
				frame.message.append(decoder, in);
			}
			if (decoder.payloadLeft() > 0) {
				return;
			}
			frame.inPayload = false;
			end(frame, handler);
		}
		in.position(in.limit());
	}

	/**
	 * Bytes of memory for an unfinished message and for the window that the client's messages share. The payload is counted
	 * exactly; bookkeeping is left out. Must be called by the reading thread, between two reads.
	 */
	public int held() {
		return open == null ? 0 : open.message.held();
	}

	/**
	 * Releases the memory of an unfinished message and of a shared window, on the heap and outside. The reader must not be in use
	 * now, nor be used afterwards.
	 */
	public void end() {
		if (open != null) {
			open.message.end();
		}
	}

	private void begin(OpenFrame frame, int available) throws ProtocolException {
		FrameDecoder decoder = frame.decoder;
		MessageAssembler message = frame.message;
		int head = decoder.head();
		boolean compressed = message.inflates() && isCompressed(head);
		Violation violation = FrameRules.check(compressed ? head & ~FrameHead.RSV1 : head, decoder.length(), message.assembled(),
				limit(message, head));
		if (violation != null) {
			throw new ProtocolException(violation);
		}
		int length = (int) decoder.length();
		int opcode = FrameHead.opcode(head);
		if (opcode >= Opcode.CLOSE.code()) {
			frame.control = length == 0 ? OpenFrame.EMPTY : new byte[length];
		}
		else if (compressed) {
			message.beginCompressed(opcode, FrameHead.fin(head) && length <= available,
					opcode == Opcode.TEXT.code() ? limits.inflatedText : limits.inflatedBinary);
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

	private int limit(MessageAssembler message, int head) {
		boolean text = message.assembled() >= 0 ? message.isText() : FrameHead.opcode(head) == Opcode.TEXT.code();
		return text ? limits.text : limits.binary;
	}

	private void end(OpenFrame frame, MessageHandler handler) throws ProtocolException {
		int head = frame.decoder.head();
		int opcode = FrameHead.opcode(head);
		if (opcode < Opcode.CLOSE.code()) {
			if (FrameHead.fin(head)) {
				frame.message.finish(handler);
			}
			return;
		}
		byte[] payload = frame.control;
		frame.control = OpenFrame.EMPTY;
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
