package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Writes text frames without allocating an array for each text. The text goes piece by piece through two arrays that are reused,
 * for which the JDK has fast loops. Half a surrogate pair becomes a question mark, as everywhere in the JDK. Not thread-safe.
 */
public final class TextEncoder {
	private static final int FINAL_TEXT = 0x80 | Opcode.TEXT.code();
	/** Most bytes of UTF-8 that one char needs. */
	private static final int WIDEST = 3;
	/** Length of a piece in chars; small enough for the processor's first-level cache. */
	private static final int PIECE = 2 * 1024;

	private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE)
			.onUnmappableCharacter(CodingErrorAction.REPLACE);
	private final CharBuffer chars = CharBuffer.allocate(PIECE);
	private final ByteBuffer bytes = ByteBuffer.allocate(PIECE * WIDEST);

	/** Most bytes that the frame can have for a text of this length. */
	public static long atMost(String text) {
		return FrameEncoder.MAX_HEADER + (long) WIDEST * text.length();
	}

	/**
	 * Puts a whole text message in one frame.
	 *
	 * @param out must have {@link #atMost} bytes free
	 * @return bytes of payload
	 */
	public int putFrame(String text, ByteBuffer out) {
		int start = out.position();
		int expected = FrameEncoder.headerSize(text.length()); // exact for ASCII
		putText(text, out.position(start + expected));
		int length = out.position() - start - expected;
		int header = FrameEncoder.headerSize(length);
		if (header != expected) {
			out.put(start + header, out, start + expected, length);
		}
		FrameEncoder.header(out.position(start), FINAL_TEXT, length);
		out.position(start + header + length);
		return length;
	}

	private void putText(String text, ByteBuffer out) {
		int length = text.length();
		for (int from = 0, to; from < length; from = to) {
			to = length - from <= PIECE ? length : wholePair(text, from + PIECE);
			text.getChars(from, to, chars.array(), 0);
			putPiece(to - from, out);
		}
	}

	/** The end of a piece, or one less if that would cut a surrogate pair. */
	private static int wholePair(String text, int end) {
		return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
	}

	private void putPiece(int count, ByteBuffer out) {
		chars.position(0).limit(count);
		bytes.clear();
		encoder.reset().encode(chars, bytes, true);
		out.put(bytes.array(), 0, bytes.position());
	}
}
