package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTests {
	private static final int LIMIT = 1024 * 1024;

	private static byte[] wire(RawFrame... frames) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			out.writeBytes(frame.bytes());
		}
		return out.toByteArray();
	}

	private static byte[] counting(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) i;
		}
		return bytes;
	}

	private static Violation violation(int limit, RawFrame... frames) {
		ProtocolException e = catchThrowableOfType(ProtocolException.class, () -> ReadMessages.of(limit, wire(frames)));
		assertThat(e).as("a violation").isNotNull();
		return e.violation();
	}

	static Stream<Arguments> lawful() {
		String mixed = "a\u00e9\u20ac\ud83d\ude00z";
		return Stream.of(
				row("empty text", ReadMessages.aText(""), RawFrame.text("")),
				row("text of one to four byte code points", ReadMessages.aText(mixed), RawFrame.text(mixed)),
				row("text of 126 bytes", ReadMessages.aText("x".repeat(126)), RawFrame.text("x".repeat(126))),
				row("empty binary", ReadMessages.aBinary(), RawFrame.binary()),
				row("binary of 125 bytes", ReadMessages.aBinary(counting(125)), RawFrame.binary(counting(125))),
				row("binary of 300 bytes", ReadMessages.aBinary(counting(300)), RawFrame.binary(counting(300))),
				row("empty ping", ReadMessages.aPing(), RawFrame.ping()),
				row("ping of 125 bytes", ReadMessages.aPing(counting(125)), RawFrame.ping(counting(125))),
				row("pong", ReadMessages.aPong((byte) 1, (byte) -1), RawFrame.pong((byte) 1, (byte) -1)),
				row("close without a code", ReadMessages.aClose(1005, ""), RawFrame.opcode(8)),
				row("close with a code", ReadMessages.aClose(1000, ""), RawFrame.close(1000, "")),
				row("close with a reason", ReadMessages.aClose(4000, mixed), RawFrame.close(4000, mixed)),
				row("text in three fragments", ReadMessages.aText("abc"), RawFrame.text("a").unfinished(),
						RawFrame.continuation("b").unfinished(), RawFrame.continuation("c")),
				row("binary in fragments, the last empty", ReadMessages.aBinary((byte) 1, (byte) 2),
						RawFrame.binary((byte) 1, (byte) 2).unfinished(), RawFrame.opcode(0)),
				row("fragments all empty", ReadMessages.aText(""), RawFrame.text("").unfinished(),
						RawFrame.opcode(0).unfinished(), RawFrame.opcode(0)),
				row("code points across fragments", ReadMessages.aText("\u20ac\ud83d\ude00"),
						RawFrame.opcode(1).payload((byte) 0xE2).unfinished(),
						RawFrame.opcode(0).payload((byte) 0x82, (byte) 0xAC, (byte) 0xF0, (byte) 0x9F).unfinished(),
						RawFrame.opcode(0).payload((byte) 0x98, (byte) 0x80)));
	}

	private static Arguments row(String label, String expected, RawFrame... frames) {
		return Arguments.of(label, expected, wire(frames));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("lawful")
	void readsEveryLawfulFrame(String label, String expected, byte[] wire) throws Exception {
		assertThat(ReadMessages.of(LIMIT, wire)).containsExactly(expected);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("lawful")
	void readsEveryLawfulFrameSplitAtEveryByte(String label, String expected, byte[] wire) throws Exception {
		for (int at = 0; at <= wire.length; at++) {
			assertThat(ReadMessages.split(LIMIT, wire, at)).as("%s split at byte %d", label, at).containsExactly(expected);
		}
		assertThat(ReadMessages.byteByByte(LIMIT, wire)).as("%s byte by byte", label).containsExactly(expected);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 65537, LIMIT })
	void readsBothKindsOfEveryLength(int length) throws Exception {
		byte[] data = counting(length);
		String ascii = "x".repeat(length);
		assertThat(ReadMessages.of(LIMIT, wire(RawFrame.binary(data), RawFrame.text(ascii))))
				.containsExactly(ReadMessages.aBinary(data), ReadMessages.aText(ascii));
	}

	@ParameterizedTest
	@ValueSource(ints = { 125, 126, 127, 65535, 65536 })
	void readsLengthsSplitWithinTheHeader(int length) throws Exception {
		byte[] wire = wire(RawFrame.binary(counting(length)));
		for (int at = 0; at <= 14; at++) {
			assertThat(ReadMessages.split(LIMIT, wire, at)).as("split at byte %d", at)
					.containsExactly(ReadMessages.aBinary(counting(length)));
		}
	}

	@Test
	void readsAllFramesOfOnePacketInOrder() throws Exception {
		assertThat(ReadMessages.of(LIMIT, wire(RawFrame.text("one"), RawFrame.ping((byte) 1), RawFrame.binary((byte) 2),
				RawFrame.text("three"))))
				.containsExactly(ReadMessages.aText("one"), ReadMessages.aPing((byte) 1), ReadMessages.aBinary((byte) 2),
						ReadMessages.aText("three"));
	}

	@Test
	void handsOnControlFramesBetweenFragmentsAtOnce() throws Exception {
		byte[] wire = wire(RawFrame.text("a").unfinished(), RawFrame.ping((byte) 1), RawFrame.continuation("b").unfinished(),
				RawFrame.pong((byte) 2), RawFrame.continuation("c"));
		for (int at = 0; at <= wire.length; at++) {
			assertThat(ReadMessages.split(LIMIT, wire, at)).as("split at byte %d", at)
					.containsExactly(ReadMessages.aPing((byte) 1), ReadMessages.aPong((byte) 2), ReadMessages.aText("abc"));
		}
	}

	@Test
	void closesBetweenFragmentsWithoutTheMessage() throws Exception {
		assertThat(ReadMessages.of(LIMIT, wire(RawFrame.text("a").unfinished(), RawFrame.close(1001, ""))))
				.containsExactly(ReadMessages.aClose(1001, ""));
	}

	@Test
	void readsNothingAfterAClose() throws Exception {
		ReadMessages messages = new ReadMessages();
		MessageReader reader = new MessageReader(LIMIT);
		ByteBuffer first = ByteBuffer.wrap(wire(RawFrame.close(1000, "bye"), RawFrame.text("late"), RawFrame.opcode(3)));
		reader.read(first, messages);
		ByteBuffer second = ByteBuffer.wrap(wire(RawFrame.text("later"), RawFrame.opcode(7).unmasked()));
		reader.read(second, messages);
		assertThat(messages.lines).containsExactly(ReadMessages.aClose(1000, "bye"));
		assertThat(first.hasRemaining()).as("bytes left in the first packet").isFalse();
		assertThat(second.hasRemaining()).as("bytes left in the second packet").isFalse();
	}

	@Test
	void tellsTheLengthOfTextInBytes() throws Exception {
		ReadMessages messages = new ReadMessages();
		new MessageReader(LIMIT).read(ByteBuffer.wrap(wire(RawFrame.text("ab"), RawFrame.text("\u20ac\u20ac"))), messages);
		assertThat(messages.textSizes).containsExactly(2, 6);
	}

	@Test
	void acceptsTheLimitAndRefusesOneByteMore() throws Exception {
		assertThat(ReadMessages.of(100, wire(RawFrame.binary(counting(100))))).hasSize(1);
		assertThat(ReadMessages.of(100, wire(RawFrame.text("x".repeat(100))))).hasSize(1);
		assertThat(violation(100, RawFrame.binary(counting(101)))).isEqualTo(Violation.MESSAGE_TOO_BIG);
		assertThat(violation(100, RawFrame.text("x".repeat(101)))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void countsTheLimitInBytesOfUtf8() throws Exception {
		assertThat(ReadMessages.of(6, wire(RawFrame.text("\u20ac\u20ac")))).hasSize(1);
		assertThat(violation(5, RawFrame.text("\u20ac\u20ac"))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void countsAllFragmentsTowardsTheLimit() throws Exception {
		assertThat(ReadMessages.of(10, wire(RawFrame.text("12345").unfinished(), RawFrame.continuation("67890").unfinished(),
				RawFrame.opcode(0)))).hasSize(1);
		assertThat(violation(10, RawFrame.text("12345").unfinished(), RawFrame.continuation("67890").unfinished(),
				RawFrame.continuation("!"))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void doesNotCountControlFramesTowardsTheLimit() throws Exception {
		assertThat(ReadMessages.of(2, wire(RawFrame.text("1").unfinished(), RawFrame.ping(counting(125)), RawFrame.continuation("2"))))
				.containsExactly(ReadMessages.aPing(counting(125)), ReadMessages.aText("12"));
	}

	@Test
	void refusesTooBigAMessageOnItsHeader() {
		byte[] header = Arrays.copyOf(RawFrame.binary().announcing(1L << 40).bytes(), 14);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> ReadMessages.of(LIMIT, header))
				.satisfies(e -> assertThat(e.violation()).isEqualTo(Violation.MESSAGE_TOO_BIG));
	}

	@Test
	void hasALimitOfItsOwnForEachKindOfMessage() throws Exception {
		MessageReader reader = new MessageReader(10);
		reader.textLimit(2);
		reader.binaryLimit(4);
		ReadMessages messages = new ReadMessages();
		reader.read(ByteBuffer.wrap(wire(RawFrame.text("12"), RawFrame.binary(counting(4)))), messages);
		assertThat(messages.lines).hasSize(2);
		assertThat(reader.textLimit()).isEqualTo(2);
		assertThat(reader.binaryLimit()).isEqualTo(4);
		assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> reader.read(ByteBuffer.wrap(wire(RawFrame.text("123"))), messages));
	}

	@Test
	void handsOnWhatCameBeforeAViolation() {
		ReadMessages messages = new ReadMessages();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> new MessageReader(LIMIT)
				.read(ByteBuffer.wrap(wire(RawFrame.text("good"), RawFrame.ping(), RawFrame.opcode(3))), messages));
		assertThat(messages.lines).containsExactly(ReadMessages.aText("good"), ReadMessages.aPing());
	}

	@Test
	void failsTextAtTheFirstImpossibleByte() {
		byte[] wire = wire(RawFrame.opcode(1).payload((byte) 'a', (byte) 0xC3, (byte) 'b', (byte) 'c').unfinished());
		ReadMessages messages = new ReadMessages();
		MessageReader reader = new MessageReader(LIMIT);
		int header = 6;
		int fed = header;
		try {
			reader.read(ByteBuffer.wrap(wire, 0, header), messages);
			for (; fed < wire.length; fed++) {
				reader.read(ByteBuffer.wrap(wire, fed, 1), messages);
			}
		}
		catch (ProtocolException e) {
			assertThat(e.violation()).isEqualTo(Violation.TEXT_NOT_UTF8);
		}
		assertThat(fed - header).as("index of the payload byte that failed").isEqualTo(2);
	}

	@Test
	void refusesTextThatEndsWithinACodePoint() {
		assertThat(violation(LIMIT, RawFrame.opcode(1).payload((byte) 'a', (byte) 0xE2, (byte) 0x82))).isEqualTo(Violation.TEXT_NOT_UTF8);
		assertThat(violation(LIMIT, RawFrame.opcode(1).payload((byte) 0xC3).unfinished(), RawFrame.opcode(0)))
				.isEqualTo(Violation.TEXT_NOT_UTF8);
	}

	@Test
	void refusesAsciiWithinACodePointThatAnotherFrameBegan() {
		assertThat(violation(LIMIT, RawFrame.opcode(1).payload((byte) 0xE2, (byte) 0x82).unfinished(), RawFrame.continuation("abc")))
				.isEqualTo(Violation.TEXT_NOT_UTF8);
	}

	@Test
	void leavesBinaryUnchecked() throws Exception {
		assertThat(ReadMessages.of(LIMIT, wire(RawFrame.binary((byte) 0xFF, (byte) 0xC0))))
				.containsExactly(ReadMessages.aBinary((byte) 0xFF, (byte) 0xC0));
	}

	@Test
	void startsEachTextAfresh() throws Exception {
		assertThat(ReadMessages.of(LIMIT, wire(RawFrame.text("\u00e9"), RawFrame.text("plain"), RawFrame.text("\u20ac"))))
				.containsExactly(ReadMessages.aText("\u00e9"), ReadMessages.aText("plain"), ReadMessages.aText("\u20ac"));
	}

	@Test
	void reservesLittleForAHeaderAlone() throws Exception {
		byte[] header = Arrays.copyOf(RawFrame.binary(new byte[LIMIT]).bytes(), 14);
		ReadMessages messages = new ReadMessages();
		List<MessageReader> readers = IntStream.range(0, 200).mapToObj(_ -> new MessageReader(LIMIT)).toList();
		readers.getFirst().read(ByteBuffer.wrap(header), messages); // loads the classes first
		long before = allocated();
		for (MessageReader reader : readers.subList(1, readers.size())) {
			reader.read(ByteBuffer.wrap(header), messages);
		}
		assertThat((allocated() - before) / (readers.size() - 1)).as("bytes allocated per announced mebibyte").isLessThan(32 * 1024);
	}

	@Test
	void makesNothingButTheStringOfATextThatComesWhole() {
		byte[] wire = RawFrame.text("x".repeat(20_000)).bytes();
		long allocated = Long.MAX_VALUE;
		for (int attempt = 0; attempt < 20 && allocated > 25_000; attempt++) { // the first one loads classes, and other tests use the pools
			allocated = MessageReaderFuzz.allocatedBy(new MessageReader(LIMIT), ByteBuffer.wrap(wire));
		}
		assertThat(allocated).isBetween(20_000L, 25_000L);
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void readsRandomScriptsHoweverTheyAreCut(long seed) throws Exception {
		Random random = new Random(seed);
		List<String> expected = new ArrayList<>();
		ByteArrayOutputStream wire = new ByteArrayOutputStream();
		for (int i = 0; i < 60; i++) {
			message(random, wire, expected);
		}
		byte[] bytes = wire.toByteArray();
		ReadMessages messages = new ReadMessages();
		MessageReader reader = new MessageReader(LIMIT);
		for (int at = 0; at < bytes.length;) {
			int count = Math.min(bytes.length - at, random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1 + random.nextInt(5000));
			reader.read(ByteBuffer.wrap(bytes, at, count), messages);
			at += count;
		}
		assertThat(messages.lines).isEqualTo(expected);
	}

	/** One random message in random fragments with random control frames between them. */
	private static void message(Random random, ByteArrayOutputStream wire, List<String> expected) {
		boolean isText = random.nextBoolean();
		int[] lengths = { 0, 1, 125, 126, 127, 200, 3000, 65535, 65536, 70000 };
		int length = lengths[random.nextInt(lengths.length)];
		String text = random.ints(length / 2, 0, 0x11000).filter(c -> c < 0xD800 || c > 0xDFFF)
				.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
		byte[] payload = new byte[length];
		random.nextBytes(payload);
		payload = isText ? text.getBytes(StandardCharsets.UTF_8) : payload;
		List<String> between = new ArrayList<>();
		int at = 0;
		boolean last = false;
		for (boolean first = true; !last; first = false) {
			int count = random.nextBoolean() ? payload.length - at : random.nextInt(payload.length - at + 1);
			last = at + count == payload.length && random.nextBoolean();
			RawFrame frame = RawFrame.opcode(!first ? 0 : isText ? 1 : 2).payload(Arrays.copyOfRange(payload, at, at + count));
			wire.writeBytes((last ? frame : frame.unfinished()).bytes());
			at += count;
			if (!last && random.nextInt(3) == 0) {
				byte[] data = counting(random.nextInt(126));
				wire.writeBytes((random.nextBoolean() ? pinged(between, data) : ponged(between, data)).bytes());
			}
		}
		expected.addAll(between);
		expected.add(isText ? ReadMessages.aText(text) : ReadMessages.aBinary(payload));
	}

	private static RawFrame pinged(List<String> lines, byte[] data) {
		lines.add(ReadMessages.aPing(data));
		return RawFrame.ping(data);
	}

	private static RawFrame ponged(List<String> lines, byte[] data) {
		lines.add(ReadMessages.aPong(data));
		return RawFrame.pong(data);
	}
}
