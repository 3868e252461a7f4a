package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the payloads of one message together (RFC 6455 section 5.4) and checks text as it comes, so that a bad byte fails
 * the message at once and not at its end (section 8.1). Memory follows the bytes that have arrived, not the length that
 * was announced: a header alone reserves nothing worth having.
 */
final class MessageAssembler {
	private static final byte[] EMPTY = new byte[0];
	private static final int NONE = -1;
	/** The most that is reserved on a header's word; from there on the buffer doubles as bytes arrive. */
	private static final int FIRST_RESERVE = 8 * 1024;

	private byte[] bytes = EMPTY;
	private int length = NONE;
	private boolean text;
	/** Whether all bytes so far are ASCII: then no validator is needed and the text is made without decoding. */
	private boolean ascii;
	private @Nullable Utf8Validator utf8;

	/** Bytes of the message so far, or -1 when none is open. */
	int assembled() {
		return length;
	}

	/** What the open message is; of no meaning when none is. */
	boolean isText() {
		return text;
	}

	/** A data frame begins: the message's first, or a continuation. */
	void begin(int opcode, int frameLength, int available) {
		if (opcode != Opcode.CONTINUATION.code()) {
			length = 0;
			text = opcode == Opcode.TEXT.code();
			ascii = true;
			utf8 = null;
		}
		reserve(available == frameLength ? length + frameLength : length + Math.min(frameLength, FIRST_RESERVE));
	}

	/** Takes what {@code in} has of the current frame's payload. */
	void append(FrameDecoder decoder, ByteBuffer in) throws ProtocolException {
		int count = (int) Math.min(decoder.payloadLeft(), in.remaining());
		if (count == 0) {
			return;
		}
		reserve(length + count);
		byte seen = decoder.readPayload(in, bytes, length);
		if (text && !accept(count, seen)) {
			throw new ProtocolException(Violation.TEXT_NOT_UTF8);
		}
		length += count;
	}

	private boolean accept(int count, byte seen) {
		if (utf8 == null) {
			if (seen >= 0) {
				return true;
			}
			utf8 = new Utf8Validator();
			ascii = false;
		}
		return seen >= 0 && utf8.complete() || utf8.accept(bytes, length, count);
	}

	/** The message is whole: hands it on and forgets it. */
	void finish(MessageHandler handler) throws ProtocolException {
		byte[] whole = bytes;
		int size = length;
		bytes = EMPTY;
		length = NONE;
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

	private void reserve(int size) {
		if (size > bytes.length) {
			bytes = length == 0 ? new byte[size] : Arrays.copyOf(bytes, Math.max(size, Math.min(bytes.length * 2, Integer.MAX_VALUE - 8)));
		}
	}
}
