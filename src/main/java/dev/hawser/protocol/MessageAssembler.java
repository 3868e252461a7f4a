package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the payloads of one message together (RFC 6455 section 5.4), inflates it if it is compressed, and checks text as it
 * comes, so that a bad byte fails the message at once and not at its end (section 8.1). Memory follows the bytes that have
 * arrived, not the length that was announced: a header alone reserves nothing worth having.
 */
final class MessageAssembler implements MessageInflater.Sink {
	private static final byte[] EMPTY = new byte[0];
	private static final int NONE = -1;
	/** The most that is reserved on a header's word; from there on the buffer doubles as bytes arrive. */
	private static final int FIRST_RESERVE = 8 * 1024;

	/** Arrays for texts that are there in one piece: they are only passed through on their way from the buffer to a string. */
	private static final Pool<byte[]> FREE = new Pool<>(64, () -> new byte[FIRST_RESERVE]);

	private final @Nullable MessageInflater inflater;
	/** Bytes that the open message may inflate to, if it is compressed. */
	private int inflatedLimit;
	private byte[] bytes = EMPTY;
	/** Whether {@link #bytes} is one of {@link #FREE}. */
	private boolean borrowed;
	private int length;
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

	/** What the open message is; of no meaning when none is. */
	boolean isText() {
		return text;
	}

	/**
	 * A data frame begins: the message's first, or a continuation.
	 *
	 * @param last      whether the message ends with it
	 * @param available how much of its payload is there
	 */
	void begin(int opcode, boolean last, int frameLength, int available) {
		if (opcode != Opcode.CONTINUATION.code()) {
			length = 0;
			onWire = 0;
			compressed = false;
			text = opcode == Opcode.TEXT.code();
			ascii = true;
			utf8 = null;
		}
		if (last && onWire == 0 && text && available == frameLength && frameLength <= FIRST_RESERVE) {
			borrow();
		}
		else {
			giveBack();
		}
		if (!compressed) {
			reserve(available == frameLength ? length + frameLength : length + Math.min(frameLength, FIRST_RESERVE));
		}
	}

	private void borrow() {
		if (!borrowed) {
			bytes = FREE.take();
			borrowed = true;
		}
	}

	/** The bytes that were there have been read: what was borrowed for them is free for another connection. */
	void giveBack() {
		if (borrowed) {
			FREE.give(bytes);
			bytes = EMPTY;
			borrowed = false;
		}
	}

	/** The message whose first frame has begun is compressed, and may inflate to so many bytes. */
	void inflate(int limit) {
		giveBack();
		compressed = true;
		inflatedLimit = limit;
	}

	/** Takes what {@code in} has of the current frame's payload. */
	void append(FrameDecoder decoder, ByteBuffer in) throws ProtocolException {
		int count = (int) Math.min(decoder.payloadLeft(), in.remaining());
		if (count == 0) {
			return;
		}
		onWire += count;
		if (compressed && inflater != null) {
			byte[] chunk = new byte[count];
			decoder.readPayload(in, chunk, 0);
			inflater.inflate(chunk, count, this);
			return;
		}
		reserve(length + count);
		accept(count, decoder.readPayload(in, bytes, length));
	}

	/** So many bytes stand behind the message now; {@code seen} is negative when one of them is outside ASCII. */
	private void accept(int count, byte seen) throws ProtocolException {
		if (text && (utf8 != null || seen < 0) && !isUtf8(count, seen)) {
			throw new ProtocolException(Violation.TEXT_NOT_UTF8);
		}
		length += count;
	}

	private boolean isUtf8(int count, byte seen) {
		if (utf8 == null) {
			utf8 = new Utf8Validator();
			ascii = false;
		}
		return seen >= 0 && utf8.complete() || utf8.accept(bytes, length, count);
	}

	@Override
	public byte[] room() throws ProtocolException {
		if (length == bytes.length) {
			// Never more than one byte over the limit, whatever the peer's bytes would inflate to
			reserve((int) Math.min(inflatedLimit + 1L, Math.max(length + 1L, FIRST_RESERVE)));
		}
		return bytes;
	}

	@Override
	public int position() {
		return length;
	}

	@Override
	public void advance(int count) throws ProtocolException {
		if (length + count > inflatedLimit) {
			throw new ProtocolException(Violation.MESSAGE_TOO_BIG);
		}
		byte seen = 0;
		for (int i = length; i < length + count; i++) {
			seen |= bytes[i];
		}
		accept(count, seen);
	}

	/** The message is whole: hands it on and forgets it. */
	void finish(MessageHandler handler) throws ProtocolException {
		if (compressed && inflater != null) {
			inflater.inflate(MessageInflater.TAIL, MessageInflater.TAIL.length, this);
			inflater.endMessage(bytes, length);
		}
		byte[] whole = bytes;
		int size = length;
		if (!borrowed) {
			bytes = EMPTY;
		}
		onWire = NONE;
		if (!text) {
			handler.binary(size == whole.length ? whole : Arrays.copyOf(whole, size));
			return;
		}
		if (utf8 != null && !utf8.complete()) {
			throw new ProtocolException(Violation.TEXT_NOT_UTF8);
		}
		utf8 = null;
		handler.text(new String(whole, 0, size, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), size);
	}

	/** Nothing more will come. */
	void end() {
		if (inflater != null) {
			inflater.end();
		}
	}

	private void reserve(int size) {
		if (size > bytes.length) {
			bytes = length == 0 ? new byte[size] : Arrays.copyOf(bytes, (int) Math.max(size, Math.min(bytes.length * 2L, limit())));
		}
	}

	/** The longest buffer that doubling may make. */
	private long limit() {
		return compressed ? inflatedLimit + 1L : Integer.MAX_VALUE - 8;
	}
}
