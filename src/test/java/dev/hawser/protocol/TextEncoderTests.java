package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares {@link TextEncoder} with a frame of the bytes that {@link String#getBytes} makes. */
class TextEncoderTests {
	private static final byte MARK = 0x55;
	/** Characters of each width in UTF-8, whole and broken pairs of surrogates, and the zero that ends strings in other languages. */
	private static final List<String> CHARACTERS = List.of("x", "\0", "\u007F", "\u0080", "\u00FF", "\u0100", "\u07FF", "\u0800", "\u4E2D",
			"\uFFFF", "\uD83D\uDE00", "\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83D\uD83D\uDE00", "\uDE00\uDE00");

	private final TextEncoder encoder = new TextEncoder();

	private void check(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		ByteBuffer expected = ByteBuffer.allocate(utf8.length + FrameEncoder.MAX_HEADER);
		new OutgoingFrame(Opcode.TEXT, true, utf8).writeTo(expected);
		for (ByteBuffer out : List.of(ByteBuffer.allocate(3 + (int) TextEncoder.atMost(text)),
				ByteBuffer.allocateDirect(3 + (int) TextEncoder.atMost(text)))) {
			out.put(new byte[] { MARK, MARK, MARK });
			assertThat(encoder.putFrame(text, out)).as("length of %d chars", text.length()).isEqualTo(utf8.length);
			assertThat(out.position()).isEqualTo(3 + expected.position());
			byte[] written = new byte[expected.position()];
			out.get(3, written);
			assertThat(Arrays.equals(written, 0, written.length, expected.array(), 0, written.length))
					.as("bytes of %d chars", text.length()).isTrue();
			assertThat(out.get(2)).as("what was there before").isEqualTo(MARK);
		}
	}

	/** Lengths, in chars and in bytes, at which the header grows, or at which the encoder cuts the text into pieces. */
	@ParameterizedTest
	@ValueSource(
			ints = { 0, 1, 2, 41, 42, 43, 62, 63, 64, 124, 125, 126, 127, 2047, 2048, 2049, 4095, 4096, 4097, 21844, 21845, 21846, 32767,
					32768, 65534, 65535, 65536, 65537 })
	void writesStringsAsUtf8(int length) {
		for (String character : CHARACTERS) {
			check(character.repeat(length));
			check("x".repeat(length) + character);
			check("x".repeat(length) + character + "y");
			check(character + "\u00E9".repeat(length));
		}
	}

	@RepeatedTest(20)
	void writesRandomTextAsUtf8(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		for (int i = 0; i < 100; i++) {
			int kinds = 1 + random.nextInt(CHARACTERS.size());
			check(Stream.generate(() -> CHARACTERS.get(random.nextInt(kinds))).limit(random.nextInt(i < 90 ? 200 : 10_000))
					.reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append).toString());
		}
	}
}
