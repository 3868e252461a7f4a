package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Joins the payloads of one message (RFC 6455 section 5.4), inflates the message if it is compressed, and checks text while it
 * arrives, so that a bad byte fails the message at once and not at its end (section 8.1). Memory is reserved for bytes that have
 * arrived, not for the announced length: a client cannot make the server reserve much with a header alone.
 */
final class MessageAssembler implements MessageInflater.Sink {
	private static final int NONE = -1;
	/** Largest piece of memory for inflated bytes. Pieces are large because zlib is slower at the end of each. */
	private static final int LARGEST_STEP = 32 * 1024;

	private final @Nullable MessageInflater inflater;
	/** Null between two reads while no message is open, unless this is for the next connection. */
	private @Nullable MessageBuffer buffer;
	/** Most bytes that the open message may have when it is inflated. */
	private int inflatedLimit;
	/** Payload bytes of the open message as they came over the wire; {@link #NONE} when none is open. */
	private int onWire = NONE;
	private boolean compressed;
	private boolean text;
	/** Whether all bytes so far are ASCII: then no validator is needed and the text is made without decoding. */
	private boolean ascii;
	private @Nullable Utf8Validator utf8;

	MessageAssembler(@Nullable MessageInflater inflater) {
		this.inflater = inflater;
	}

	/** Whether compressed messages can be read. */
	boolean inflates() {
		return inflater != null;
	}

	/** Payload bytes of the open message so far, or -1 when none is open. */
	int assembled() {
		return onWire;
	}

	/** Bytes of memory that are in use, for the open message and for the window of the next one. */
	int held() {
		return (buffer == null ? 0 : buffer.held()) + (inflater == null ? 0 : inflater.held());
	}

	/** Whether the open message is text; undefined when no message is open. */
	boolean isText() {
		return text;
	}

	/**
	 * Begins an uncompressed data frame, or a continuation.
	 *
	 * @param last      whether the message ends with this frame
	 * @param available bytes of its payload that have arrived
	 */
	void begin(int opcode, boolean last, int frameLength, int available) {
		if (opcode != Opcode.CONTINUATION.code()) {
			start(opcode, false);
		}
		if (compressed) {
			return;
		}
		boolean whole = available == frameLength;
		// the bytes of a text are needed only until the string is made, so a borrowed array will do
		if (last && onWire == 0 && text && whole && frameLength <= MessageBuffer.BORROWED) {
			bytes().borrow();
		}
		else {
			bytes().giveBack();
			bytes().expect(whole ? frameLength : Math.min(frameLength, MessageBuffer.STEP));
		}
	}

	/**
	 * Begins the first frame of a compressed message.
	 *
	 * @param whole whether this is also the last frame, and has arrived completely
	 * @param limit most bytes that the message may have when it is inflated
	 */
	void beginCompressed(int opcode, boolean whole, int limit) {
		start(opcode, true);
		inflatedLimit = limit;
		if (whole) {
			bytes().borrow();
		}
		else {
			bytes().giveBack();
		}
	}

	/** The bytes of the open message. */
	private MessageBuffer bytes() {
		MessageBuffer known = buffer;
		if (known == null) {
			known = MessageBuffer.EMPTIES.take();
			buffer = known;
		}
		return known;
	}

	private void start(int opcode, boolean isCompressed) {
		onWire = 0;
		compressed = isCompressed;
		text = opcode == Opcode.TEXT.code();
		ascii = true;
		utf8 = null;
	}

	/** Called when all bytes of a read have been consumed: returns what is not needed until the next read, for other connections. */
	void giveBack() {
		if (buffer == null) {
			return;
		}
		buffer.giveBack();
		if (onWire == NONE && inflater != null) {
			MessageBuffer.EMPTIES.give(buffer);
			buffer = null;
		}
	}

	/** Takes the bytes of the current frame's payload from {@code in}. */
	void append(FrameDecoder decoder, ByteBuffer in) throws ProtocolException {
		int count = (int) Math.min(decoder.payloadLeft(), in.remaining());
		onWire += count;
		if (compressed && inflater != null) {
			inflate(decoder, in, count, inflater);
			return;
		}
		MessageBuffer to = bytes();
		for (int left = count; left > 0;) {
			if (to.room() == 0) {
				long known = Math.max(decoder.payloadLeft(), to.length());
				to.extend((int) Math.max(left, Math.min(known, MessageBuffer.STEP)));
			}
			int some = Math.min(left, to.room());
			accept(some, decoder.readPayload(in, to.chunk(), to.position(), some));
			left -= some;
		}
	}

	private void inflate(FrameDecoder decoder, ByteBuffer in, int count, MessageInflater with) throws ProtocolException {
		if (count == 0) {
			return;
		}
		if (count > MessageBuffer.BORROWED) {
			byte[] deflated = new byte[count];
			decoder.readPayload(in, deflated, 0, count);
			with.inflate(deflated, count, this);
			return;
		}
		byte[] deflated = MessageBuffer.FREE.take();
		decoder.readPayload(in, deflated, 0, count);
		try {
			with.inflate(deflated, count, this);
		}
		finally {
			MessageBuffer.FREE.give(deflated);
		}
	}

	/** Counts and checks bytes that were put after the message; {@code seen} is negative when one of them is outside ASCII. */
	private void accept(int count, byte seen) throws ProtocolException {
		if (text && (utf8 != null || seen < 0) && !isUtf8(count, seen)) {
			throw new ProtocolException(Violation.TEXT_NOT_UTF8);
		}
		bytes().advance(count);
	}

	private boolean isUtf8(int count, byte seen) {
		if (utf8 == null) {
			utf8 = new Utf8Validator();
			ascii = false;
		}
		return (seen >= 0 && utf8.complete()) || utf8.accept(bytes().chunk(), bytes().position(), count);
	}

	/** Room for inflated bytes. Never grows much beyond the limit, however large the message would become. */
	@Override
	public byte[] room() {
		MessageBuffer to = bytes();
		if (to.room() == 0) {
			int next = Math.clamp(to.length(), MessageBuffer.STEP, LARGEST_STEP);
			to.extend((int) Math.min(next, inflatedLimit + 1L - to.length()));
		}
		return to.chunk();
	}

	@Override
	public int position() {
		return bytes().position();
	}

	@Override
	public void advance(int count) throws ProtocolException {
		MessageBuffer to = bytes();
		if (to.length() + count > inflatedLimit) {
			throw new ProtocolException(Violation.MESSAGE_TOO_BIG);
		}
		byte[] bytes = to.chunk();
		byte seen = 0;
		for (int i = to.position(), end = i + count; i < end; i++) {
			seen |= bytes[i];
		}
		accept(count, seen);
	}

	/** Passes the whole message to the handler and forgets it. */
	void finish(MessageHandler handler) throws ProtocolException {
		MessageBuffer from = bytes();
		if (compressed && inflater != null) {
			inflater.inflate(MessageInflater.TAIL, MessageInflater.TAIL.length, this);
			inflater.endMessage(from.whole(), from.length());
		}
		if (utf8 != null && !utf8.complete()) {
			throw new ProtocolException(Violation.TEXT_NOT_UTF8);
		}
		byte[] whole = from.whole();
		int size = from.length();
		boolean exact = from.isExact();
		from.clear();
		onWire = NONE;
		utf8 = null;
		if (text) {
			handler.text(new String(whole, 0, size, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), size);
		}
		else {
			handler.binary(exact ? whole : Arrays.copyOf(whole, size));
		}
	}

	/** Releases all memory; no more bytes may follow. */
	void end() {
		buffer = null;
		if (inflater != null) {
			inflater.end();
		}
	}
}
