package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.protocol.MessageReaderFuzz.Reading;
import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compressed messages that are cut short, run on, or end in an unusual way (RFC 7692 section 7.2.2): what is made of a
 * connection's first message does not depend on whether messages share a window, and always is what {@link ReferenceReader} makes
 * of it.
 */
class CutDeflateTests {
	private static final int LIMIT = 1 << 20;
	private static final int RSV1 = 4;
	private static final int BINARY = 2;
	/** "Hello", and the same again with the window shared (RFC 7692 sections 7.2.3.1 and 7.2.3.2). */
	private static final byte[] HELLO = hex("f248cdc9c90700");
	private static final byte[] HELLO_AGAIN = hex("f200110000");

	private static byte[] hex(String digits) {
		return HexFormat.of().parseHex(digits);
	}

	private static RawFrame message(byte... payload) {
		return RawFrame.opcode(BINARY).rsv(RSV1).payload(payload);
	}

	private static byte[] wire(RawFrame... frames) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			out.writeBytes(frame.bytes());
		}
		return out.toByteArray();
	}

	/** Reads the stream as a whole and in chunks, and returns what came of it if that is what the reference reader says. */
	private static Reading read(boolean takesOver, int limit, byte[] stream) {
		ReferenceReader.Outcome expected = ReferenceReader.read(stream, LIMIT, LIMIT,
				new ReferenceReader.Deflate(takesOver, limit, limit));
		List<Reading> readings = new ArrayList<>();
		for (byte[] chunks : new byte[][] { {}, { 1 }, { 7, 100 } }) {
			MessageReader reader = new MessageReader(LIMIT, new PerMessageDeflate(false, takesOver), limit);
			Reading reading = MessageReaderFuzz.read(reader, ByteBuffer.wrap(stream), chunks);
			reader.end();
			assertThat(reading.events()).isEqualTo(expected.events());
			if (expected.broken().isEmpty()) {
				assertThat(reading.violation()).isNull();
			}
			else {
				assertThat(reading.violation()).isIn(expected.broken());
			}
			readings.add(reading);
		}
		return readings.getLast();
	}

	/** Reads the frames on a connection with a shared window and on one without; the results must be the same. */
	private static Reading readEitherWay(int limit, RawFrame... frames) {
		byte[] stream = wire(frames);
		Reading alone = read(false, limit, stream);
		assertThat(read(true, limit, stream)).as("with context takeover").isEqualTo(alone);
		return alone;
	}

	private static @Nullable Violation violation(byte... payload) {
		return readEitherWay(LIMIT, message(payload)).violation();
	}

	private static List<String> events(byte... payload) {
		return readEitherWay(LIMIT, message(payload)).events();
	}

	/** The message in two frames, cut at this index. */
	private static RawFrame[] cut(byte[] payload, int at) {
		return new RawFrame[] { message(Arrays.copyOf(payload, at)).unfinished(),
				RawFrame.opcode(0).payload(Arrays.copyOfRange(payload, at, payload.length)) };
	}

	@Test
	void refusesHalfOfHello() {
		assertThat(violation(hex("f248cd"))).isEqualTo(Violation.NOT_DEFLATE);
	}

	@Test
	void doesNotLetAMessageThatIsCutShortSpoilTheNext() {
		byte[] stream = wire(message(HELLO), message(hex("f248cd")), message(HELLO_AGAIN));
		Reading reading = read(true, LIMIT, stream);
		assertThat(reading.events()).containsExactly("binary Hello");
		assertThat(reading.violation()).isEqualTo(Violation.NOT_DEFLATE);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "", // RFC 7692 section 7.2.3.6: an empty message has one byte
			"f248cdc9c907", "02", "04", "05", "000500", "000500faff48656c", "010500faff48656c", "f348cdc9c907", "f348cdc9c90700",
			"f248cdc9c90700ff", "f348cdc9c90700ff", "f248cdc9c9070000ffff", "f248cdc9c9070000000000", "f248cdc9c907000000ff" })
	void refusesWhatEndsWithinABlock(String payload) {
		assertThat(violation(hex(payload))).isEqualTo(Violation.NOT_DEFLATE);
	}

	static Stream<Arguments> whole() {
		return Stream.of(Arguments.of("Hello", "f248cdc9c90700"), Arguments.of("", "00"), Arguments.of("", "01"),
				Arguments.of("", "0300" + "00"), Arguments.of("Hello", "f248cdc9c90700" + "0000ffff" + "00"),
				Arguments.of("Hello", "f348cdc9c90700" + "00"), Arguments.of("Hello", "f248cdc9c90700" + "0000ffff" + "01"),
				Arguments.of("HelloHello", "f348cdc9c90700" + "f248cdc9c90700"), Arguments.of("", "0300".repeat(100) + "00"),
				Arguments.of("Hello", "000500faff48656c6c6f" + "00"), Arguments.of("Hello", "010500faff48656c6c6f" + "00"));
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("whole")
	void readsWhatEndsBetweenBlocksHoweverItIsFragmented(String content, String payload) {
		byte[] bytes = hex(payload);
		assertThat(events(bytes)).containsExactly("binary " + content);
		for (int at = 0; at <= bytes.length; at++) {
			assertThat(readEitherWay(LIMIT, cut(bytes, at)).events()).containsExactly("binary " + content);
		}
	}

	/** RFC 1951 section 3.2.3: after the last block another stream begins, which cannot refer to the one before. */
	@Test
	void forgetsTheWindowWhereTheStreamEnds() {
		for (String end : List.of("f348cdc9c9070000", "f248cdc9c90700" + "0000ffff" + "01")) {
			assertThat(read(true, LIMIT, wire(message(hex(end)), message(HELLO))).events()).containsExactly("binary Hello", "binary Hello");
			assertThat(read(true, LIMIT, wire(message(hex(end)), message(HELLO_AGAIN))).violation()).isEqualTo(Violation.NOT_DEFLATE);
		}
		byte[] stream = wire(message(HELLO), message(hex("f348cdc9c90700" + "f248cdc9c90700")), message(HELLO_AGAIN));
		assertThat(read(true, LIMIT, stream).events()).containsExactly("binary Hello", "binary HelloHello", "binary Hello");
	}

	/** A copy that begins one byte before the stream that began within the message. */
	@Test
	void doesNotReachBehindTheEndOfAStreamWithinTheMessage() {
		byte[] stream = wire(message(HELLO), message(hex("0300" + HexFormat.of().formatHex(HELLO_AGAIN))));
		assertThat(read(true, LIMIT, stream).violation()).isEqualTo(Violation.NOT_DEFLATE);
	}

	/** Ways in which a client may deflate. */
	private static List<Deflater> deflaters() {
		List<Deflater> deflaters = new ArrayList<>();
		for (int level : new int[] { 0, 1, 6, 9 }) {
			deflaters.add(new Deflater(level, true));
		}
		for (int strategy : new int[] { Deflater.HUFFMAN_ONLY, Deflater.FILTERED }) {
			Deflater deflater = new Deflater(6, true);
			deflater.setStrategy(strategy);
			deflater.deflate(new byte[10]); // puts it into effect
			deflaters.add(deflater);
		}
		return deflaters;
	}

	private static byte[] data(Random random, int size) {
		byte[] data = new byte[size];
		int kinds = 1 + random.nextInt(random.nextBoolean() ? 3 : 256);
		for (int i = 0; i < size; i++) {
			data[i] = (byte) random.nextInt(kinds);
		}
		return data;
	}

	/** In blocks that the deflater chooses, without the tail of the last block. */
	private static byte[] deflate(Deflater deflater, byte[] data) {
		byte[] out = new byte[2 * data.length + 1000];
		deflater.setInput(data);
		return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4);
	}

	/** With blocks that end earlier than they would have to. */
	private static byte[] deflate(Random random, Deflater deflater, byte[] data) {
		byte[] out = new byte[2 * data.length + 1000];
		int length = 0;
		int from = 0;
		for (int blocks = random.nextInt(3); blocks >= 0; blocks--) {
			int to = blocks == 0 ? data.length : from + random.nextInt(data.length - from + 1);
			deflater.setInput(data, from, to - from);
			length += deflater.deflate(out, length, out.length - length,
					random.nextInt(4) == 0 ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH);
			from = to;
		}
		return length == 0 ? new byte[1] : Arrays.copyOf(out, length - 4);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void agreesOnMessagesThatAreCutAnywhere(long seed) {
		Random random = new Random(seed);
		for (Deflater deflater : deflaters()) {
			byte[] payload = deflate(random, deflater, data(random, 1 + random.nextInt(2000)));
			deflater.end();
			assertThat(readEitherWay(LIMIT, message(payload)).events()).hasSize(1);
			for (int i = 0; i < 40; i++) {
				byte[] part = Arrays.copyOf(payload, random.nextInt(payload.length));
				readEitherWay(LIMIT, message(part));
				readEitherWay(LIMIT, cut(part, random.nextInt(part.length + 1)));
			}
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 6, 7, 8, 9, 10 })
	void agreesOnMessagesWithSomethingBehindThem(long seed) {
		Random random = new Random(seed);
		for (Deflater deflater : deflaters()) {
			byte[] payload = deflate(random, deflater, data(random, 1 + random.nextInt(500)));
			deflater.end();
			for (int i = 0; i < 40; i++) {
				byte[] longer = Arrays.copyOf(payload, payload.length + 1 + random.nextInt(8));
				for (int at = payload.length; at < longer.length; at++) {
					longer[at] = (byte) (random.nextBoolean() ? random.nextInt(4) : random.nextInt());
				}
				readEitherWay(LIMIT, message(longer));
			}
		}
	}

	/** Messages that share a window, one of which is cut; the window is filled several times over. */
	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 11, 12, 13, 14 })
	void findsTheCutOneOfSeveralThatShareAWindow(long seed) {
		Random random = new Random(seed);
		for (Deflater deflater : deflaters()) {
			int count = 3 + random.nextInt(5);
			int bad = random.nextInt(2 * count);
			List<RawFrame> frames = new ArrayList<>();
			byte[] data = data(random, 20_000);
			for (int i = 0; i < count; i++) {
				byte[] payload = deflate(random, deflater, Arrays.copyOf(data, random.nextInt(data.length)));
				frames.add(message(i == bad ? Arrays.copyOf(payload, random.nextInt(payload.length)) : payload));
			}
			deflater.end();
			Reading reading = read(true, LIMIT, wire(frames.toArray(RawFrame[]::new)));
			assertThat(reading.events().size()).isBetween(Math.min(bad, count), count);
		}
	}

	/** A block of fixed codes that copies three bytes from 32 KiB before. */
	private static byte[] farthestReference() {
		String bits = "0" + "10" + "0000001" + "11101" + "1".repeat(13) + "0000000" + "000";
		byte[] block = new byte[(bits.length() + 7) / 8];
		for (int i = 0; i < bits.length(); i++) {
			block[i / 8] |= (byte) ((bits.charAt(i) - '0') << (i % 8));
		}
		return block;
	}

	/** The result must not depend on how earlier messages filled the window. */
	@ParameterizedTest(name = "first message of {0} bytes")
	@ValueSource(ints = { 0, 1, 257, 16_384, 32_767, 32_768, 32_769, 40_000, 65_536 })
	void keepsAWindowOf32KibibytesAndNoByteMore(int first) {
		Random random = new Random(first);
		for (int before : new int[] { 32_767, 32_768, 32_769, 50_000 }) {
			List<RawFrame> frames = new ArrayList<>();
			ByteArrayOutputStream all = new ByteArrayOutputStream();
			for (int size = Math.min(first, before); all.size() < before; size = Math.min(before - all.size(),
					1 + random.nextInt(20_000))) {
				byte[] data = new byte[size];
				random.nextBytes(data);
				all.writeBytes(data);
				try (Deflater storing = new Deflater(0, true)) {
					frames.add(message(deflate(storing, data)));
				}
			}
			frames.add(message(farthestReference()));
			Reading reading = read(true, LIMIT, wire(frames.toArray(RawFrame[]::new)));
			if (before < 32_768) {
				assertThat(reading.violation()).isEqualTo(Violation.NOT_DEFLATE);
			}
			else {
				int from = before - 32_768;
				assertThat(reading.events()).last().isEqualTo("binary "
						+ new String(Arrays.copyOfRange(all.toByteArray(), from, from + 3), StandardCharsets.ISO_8859_1));
			}
		}
	}

	@ParameterizedTest(name = "{0} bytes")
	@ValueSource(ints = { 0, 1, 125, 126, 8191, 8192, 8193, 20_000 })
	void agreesAtTheLimit(int limit) {
		Random random = new Random(limit);
		for (int size : new int[] { Math.max(0, limit - 1), limit, limit + 1 }) {
			for (Deflater deflater : deflaters()) {
				byte[] payload = deflate(random, deflater, data(random, size));
				deflater.end();
				Reading reading = readEitherWay(limit, message(payload));
				assertThat(reading.violation()).isEqualTo(size > limit ? Violation.MESSAGE_TOO_BIG : null);
				byte[] part = Arrays.copyOf(payload, random.nextInt(payload.length));
				readEitherWay(limit, message(part));
			}
		}
	}
}
