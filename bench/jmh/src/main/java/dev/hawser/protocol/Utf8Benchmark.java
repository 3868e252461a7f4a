package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Checking whether a text is UTF-8, compared with the JDK's decoder, which also writes the characters. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Utf8Benchmark {
	/** Texts of one script each, and German, which is ASCII with some umlauts. */
	public enum Text {
		ASCII("The quick brown fox jumps over the lazy dog. "),
		TWO_BYTE("\u0441\u044a\u0435\u0448\u044c\u0435\u0449\u0451"),
		THREE_BYTE("\u8c01\u80fd\u4f53\u5185\u65e0\u8a00"),
		FOUR_BYTE("\ud83d\ude00\ud83d\ude80"),
		GERMAN("Falsches \u00dcben von Xylophonmusik qu\u00e4lt jeden gr\u00f6\u00dferen Zwerg. "),
		MIXED("ok \u20ac 12 \ud83d\ude00 caf\u00e9 \u8c01\u80fd, ");

		final String sample;

		Text(String sample) {
			this.sample = sample;
		}
	}

	@Param
	Text text = Text.ASCII;
	@Param({ "128", "16384" })
	int size;
	private byte[] bytes = {};
	private ByteBuffer in = ByteBuffer.allocate(0);
	private CharBuffer out = CharBuffer.allocate(0);
	private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

	/** About as many bytes as {@link #size} says: whole samples. */
	@Setup
	public void fill() {
		int length = text.sample.getBytes(StandardCharsets.UTF_8).length;
		bytes = text.sample.repeat(size / length).getBytes(StandardCharsets.UTF_8);
		in = ByteBuffer.wrap(bytes);
		out = CharBuffer.allocate(bytes.length);
	}

	@Benchmark
	public boolean hawser() {
		Utf8Validator validator = new Utf8Validator();
		return validator.accept(bytes, 0, bytes.length) && validator.complete();
	}

	@Benchmark
	public CharBuffer jdkDecoder() throws CharacterCodingException {
		in.rewind();
		out.clear();
		decoder.reset();
		if (decoder.decode(in, out, true).isError()) {
			throw new CharacterCodingException();
		}
		return out;
	}

	/** Makes the application's string, which is needed after any check. */
	@Benchmark
	public String newString() {
		return new String(bytes, StandardCharsets.UTF_8);
	}
}
