package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading messages that a client compressed (RFC 7692 sections 6 and 7.2.2). */
class CompressedMessageTests {
	private static final int LIMIT = 1024 * 1024;
	private static final int RSV1 = 4;
	/** The compressed "Hello" of section 7.2.3.1. */
	private static final byte[] HELLO = HexFormat.ofDelimiter(" ").parseHex("f2 48 cd c9 c9 07 00");

	private final ReadMessages messages = new ReadMessages();
	private final MessageReader alone = reader(false, LIMIT);
	private final MessageReader takingOver = reader(true, LIMIT);

	private static MessageReader reader(boolean takesOver, int inflatedLimit) {
		return new MessageReader(LIMIT, new PerMessageDeflate(false, takesOver), inflatedLimit);
	}

	private static RawFrame compressed(int opcode, byte... deflated) {
		return RawFrame.opcode(opcode).rsv(RSV1).payload(deflated);
	}

	private static byte[] wire(RawFrame... frames) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			out.writeBytes(frame.bytes());
		}
		return out.toByteArray();
	}

	private List<String> read(MessageReader reader, RawFrame... frames) throws ProtocolException {
		reader.read(ByteBuffer.wrap(wire(frames)), messages);
		return messages.lines;
	}

	private Violation violation(MessageReader reader, RawFrame... frames) {
		return assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> read(reader, frames)).actual().violation();
	}

	/** Deflates as a client does; the deflater still has the window of the message before. */
	private static byte[] deflate(Deflater deflater, byte[] message) {
		deflater.setInput(message);
		byte[] out = new byte[message.length + message.length / 8 + 64];
		int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
		return length == 0 ? new byte[1] : Arrays.copyOf(out, length - 4);
	}

	private static byte[] deflate(byte[] message) {
		return deflate(new Deflater(6, true), message);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void readsTheExamplesOfTheRfc() throws Exception {
		HexFormat hex = HexFormat.ofDelimiter(" ");
		read(takingOver, compressed(1, HELLO)); // 7.2.3.1: one block
		read(takingOver, compressed(1, hex.parseHex("f2 00 11 00 00"))); // 7.2.3.2: the window shared
		read(alone, compressed(1, hex.parseHex("00 05 00 fa ff 48 65 6c 6c 6f 00"))); // 7.2.3.3: no compression
		read(alone, compressed(1, hex.parseHex("f3 48 cd c9 c9 07 00 00"))); // 7.2.3.4: a block with BFINAL
		read(alone, compressed(1, hex.parseHex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))); // 7.2.3.5: two blocks
		read(alone, compressed(1, (byte) 0)); // 7.2.3.6: empty
		assertThat(messages.lines).containsExactly("text Hello", "text Hello", "text Hello", "text Hello", "text Hello", "text ");
	}

	@Test
	void readsAMessageInFragmentsWithControlFramesBetweenHoweverItIsSplit() throws Exception {
		byte[] wire = wire(compressed(1, Arrays.copyOf(HELLO, 3)).unfinished(), RawFrame.ping((byte) 1),
				RawFrame.opcode(0).unfinished(), RawFrame.opcode(0).payload(Arrays.copyOfRange(HELLO, 3, 7)).unfinished(),
				RawFrame.opcode(0), RawFrame.text("plain"));
		for (boolean takesOver : new boolean[] { false, true }) {
			for (int at = 0; at <= wire.length; at++) {
				ReadMessages read = new ReadMessages();
				MessageReader reader = reader(takesOver, LIMIT);
				reader.read(ByteBuffer.wrap(wire, 0, at), read);
				reader.read(ByteBuffer.wrap(wire, at, wire.length - at), read);
				assertThat(read.lines).as("split at byte %d", at).containsExactly("ping 01", "text Hello", "text plain");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 8191, 8192, 8193, 16384, 65535, 65536, LIMIT - 1, LIMIT })
	void inflatesMessagesOfEveryLength(int length) throws Exception {
		byte[] zeros = new byte[length];
		byte[] noise = new byte[length];
		new Random(length).nextBytes(noise);
		Deflater shared = new Deflater(6, true);
		for (byte[] data : List.of(zeros, noise, zeros)) {
			MessageReader roomy = new MessageReader(2 * LIMIT, new PerMessageDeflate(false, false), LIMIT);
			assertThat(read(roomy, compressed(2, deflate(data))).removeLast()).isEqualTo(ReadMessages.aBinary(data));
		}
		MessageReader roomy = new MessageReader(2 * LIMIT, new PerMessageDeflate(false, true), LIMIT);
		for (byte[] data : List.of(zeros, noise, zeros)) {
			assertThat(read(roomy, compressed(2, deflate(shared, data))).removeLast()).isEqualTo(ReadMessages.aBinary(data));
		}
	}

	@Test
	void readsUncompressedMessagesAfterTheAgreement() throws Exception {
		Deflater shared = new Deflater(6, true);
		read(takingOver, compressed(1, deflate(shared, utf8("the same words"))), RawFrame.text("not in the window"),
				compressed(1, deflate(shared, utf8("the same words"))), RawFrame.binary((byte) 1), RawFrame.text(""));
		assertThat(messages.lines).containsExactly("text the same words", "text not in the window", "text the same words", "binary 01",
				"text ");
	}

	@Test
	void forgetsTheWindowWhereTheClientMayNotTakeItOver() {
		Deflater shared = new Deflater(6, true);
		byte[] first = deflate(shared, utf8("words that the next message points back to"));
		byte[] second = deflate(shared, utf8("words that the next message points back to"));
		assertThat(violation(alone, compressed(1, first), compressed(1, second))).isEqualTo(Violation.NOT_DEFLATE);
	}

	@Test
	void keepsConnectionsApart() throws Exception {
		MessageReader other = reader(false, LIMIT);
		byte[] deflated = deflate(utf8("a message of the first connection"));
		alone.read(ByteBuffer.wrap(wire(compressed(1, Arrays.copyOf(deflated, 9)).unfinished())), messages);
		read(other, compressed(1, deflate(utf8("a message of the second"))));
		read(alone, RawFrame.opcode(0).payload(Arrays.copyOfRange(deflated, 9, deflated.length)));
		assertThat(messages.lines).containsExactly("text a message of the second", "text a message of the first connection");
	}

	@Test
	void refusesRsv1WhereNothingWasAgreed() {
		assertThat(violation(new MessageReader(LIMIT), compressed(1, HELLO))).isEqualTo(Violation.RESERVED_BIT);
		assertThat(violation(new MessageReader(LIMIT), compressed(2, HELLO))).isEqualTo(Violation.RESERVED_BIT);
	}

	@Test
	void refusesRsv1OnAContinuation() {
		assertThat(violation(alone, compressed(1, HELLO).unfinished(), RawFrame.opcode(0).rsv(RSV1))).isEqualTo(Violation.RESERVED_BIT);
		assertThat(violation(reader(false, LIMIT), RawFrame.text("plain").unfinished(), RawFrame.opcode(0).rsv(RSV1)))
				.isEqualTo(Violation.RESERVED_BIT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 9, 10, 3, 11 })
	void refusesRsv1OnOtherFrames(int opcode) {
		assertThat(violation(alone, RawFrame.opcode(opcode).rsv(RSV1))).isEqualTo(Violation.RESERVED_BIT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 6, 7 })
	void refusesTheOtherReservedBits(int bits) {
		assertThat(violation(alone, RawFrame.opcode(1).rsv(bits).payload(HELLO))).isEqualTo(Violation.RESERVED_BIT);
	}

	@Test
	void refusesACompressedMessageWithinAnother() {
		assertThat(violation(alone, compressed(1, HELLO).unfinished(), compressed(1, HELLO))).isEqualTo(Violation.MESSAGE_NOT_FINISHED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "07", "ffffffff", "f248cdc9c90700ffffff", "0005000000", "0405ffff00" })
	void refusesWhatIsNotDeflate(String broken) {
		byte[] payload = HexFormat.of().parseHex(broken);
		assertThat(violation(alone, compressed(1, payload))).isEqualTo(Violation.NOT_DEFLATE);
		assertThat(violation(takingOver, compressed(2, payload))).isEqualTo(Violation.NOT_DEFLATE);
		assertThat(Violation.NOT_DEFLATE.closeStatus().getCode()).isEqualTo(1007);
	}

	@Test
	void failsBrokenDeflateBeforeTheMessageEnds() {
		assertThat(violation(alone, compressed(1, (byte) 7).unfinished())).isEqualTo(Violation.NOT_DEFLATE);
	}

	@Test
	void refusesAMessageThatIsCutShort() {
		byte[] deflated = deflate(utf8("a message of some length, so that cutting it leaves something out 0123456789"));
		for (int length = 1; length < deflated.length - 1; length++) {
			for (boolean takesOver : new boolean[] { false, true }) {
				assertThat(violation(reader(takesOver, LIMIT), compressed(1, Arrays.copyOf(deflated, length)))).as("%d bytes", length)
						.isEqualTo(Violation.NOT_DEFLATE);
			}
		}
	}

	@Test
	void failsBadTextInsideACompressedMessageAtOnce() {
		byte[] deflated = deflate(new byte[] { 'a', (byte) 0xC3, 'b', 'c' });
		assertThat(violation(alone, compressed(1, deflated).unfinished())).isEqualTo(Violation.TEXT_NOT_UTF8);
		assertThat(violation(takingOver, compressed(1, deflate(new byte[] { 'a', (byte) 0xE2, (byte) 0x82 }))))
				.as("ends within a code point").isEqualTo(Violation.TEXT_NOT_UTF8);
	}

	@Test
	void readsCodePointsThatFramesAndBuffersCut() throws Exception {
		String text = "a" + "\u20ac\ud83d\udea2\u00e9".repeat(5000);
		byte[] deflated = deflate(utf8(text));
		List<RawFrame> frames = new ArrayList<>();
		for (int i = 0; i < deflated.length; i++) {
			RawFrame frame = i == 0 ? compressed(1, deflated[i]) : RawFrame.opcode(0).payload(deflated[i]);
			frames.add(i == deflated.length - 1 ? frame : frame.unfinished());
		}
		assertThat(read(alone, frames.toArray(RawFrame[]::new))).containsExactly(ReadMessages.aText(text));
		assertThat(messages.textSizes).containsExactly(utf8(text).length);
	}

	@Test
	void leavesCompressedBinaryUnchecked() throws Exception {
		assertThat(read(alone, compressed(2, deflate(new byte[] { -1, -2 })))).containsExactly("binary fffe");
	}

	@Test
	void readsOnAfterABlockThatEndsTheStream() throws Exception {
		byte[] twice = HexFormat.ofDelimiter(" ").parseHex("f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 00");
		read(takingOver, compressed(1, twice), compressed(1, HELLO), compressed(1, HELLO));
		for (int i = 1; i < twice.length; i++) {
			read(alone, compressed(1, Arrays.copyOf(twice, i)).unfinished(),
					RawFrame.opcode(0).payload(Arrays.copyOfRange(twice, i, twice.length)));
		}
		assertThat(messages.lines.subList(0, 3)).containsExactly("text HelloHello", "text Hello", "text Hello");
		assertThat(messages.lines.subList(3, messages.lines.size())).hasSize(twice.length - 1).containsOnly("text HelloHello");
	}

	@Test
	void acceptsTheInflatedLimitAndRefusesOneByteMore() throws Exception {
		for (int limit : new int[] { 1, 125, 8191, 8192, 8193, 65536, 100_000 }) {
			for (byte filler : new byte[] { 0, 'x' }) {
				byte[] data = new byte[limit + 1];
				Arrays.fill(data, filler);
				assertThat(read(reader(true, limit), compressed(2, deflate(Arrays.copyOf(data, limit)))).removeLast()).as("limit %d", limit)
						.isEqualTo(ReadMessages.aBinary(Arrays.copyOf(data, limit)));
				assertThat(violation(reader(false, limit), compressed(1, deflate(data)))).as("limit %d", limit)
						.isEqualTo(Violation.MESSAGE_TOO_BIG);
			}
		}
	}

	@Test
	void boundsTheCompressedSizeToo() {
		byte[] noise = new byte[2000];
		new Random(1).nextBytes(noise);
		MessageReader small = new MessageReader(1000, new PerMessageDeflate(false, false), LIMIT);
		assertThat(violation(small, compressed(2, deflate(noise)))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void countsInflatedBytesOfAllFragments() {
		byte[] deflated = deflate(new byte[2000]);
		assertThat(violation(reader(false, 1999), compressed(2, Arrays.copyOf(deflated, 1)).unfinished(),
				RawFrame.opcode(0).payload(Arrays.copyOfRange(deflated, 1, deflated.length)))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void holdsLittleMoreThanTheLimitOfABomb() {
		byte[] bomb = Arrays.copyOf(deflate(new byte[200 * LIMIT]), 200 * 1024);
		RawFrame frame = compressed(2, bomb).unfinished();
		assertThat(violation(reader(false, LIMIT), frame)).isEqualTo(Violation.MESSAGE_TOO_BIG); // loads the classes first
		byte[] wire = wire(frame);
		MessageReader reader = reader(false, LIMIT);
		long before = allocated();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> reader.read(ByteBuffer.wrap(wire), messages));
		assertThat(allocated() - before).as("bytes allocated").isLessThan(4 * LIMIT);
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void readsRandomScriptsHoweverTheyAreCut(long seed) throws Exception {
		Random random = new Random(seed);
		Deflater shared = new Deflater(1 + random.nextInt(9), true);
		ByteArrayOutputStream wire = new ByteArrayOutputStream();
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			byte[] data = utf8("word ".repeat(random.nextInt(2000)) + random.nextInt() + "\u20ac".repeat(random.nextInt(50)));
			boolean plain = random.nextInt(4) == 0;
			byte[] payload = plain ? data : deflate(shared, data);
			int cut = random.nextInt(payload.length + 1);
			wire.writeBytes(wire((plain ? RawFrame.opcode(1) : compressed(1)).payload(Arrays.copyOf(payload, cut)).unfinished(),
					RawFrame.pong(), RawFrame.opcode(0).payload(Arrays.copyOfRange(payload, cut, payload.length))));
			expected.addAll(List.of("pong ", ReadMessages.aText(new String(data, StandardCharsets.UTF_8))));
		}
		byte[] bytes = wire.toByteArray();
		for (int at = 0; at < bytes.length;) {
			int count = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 3000));
			takingOver.read(ByteBuffer.wrap(bytes, at, count), messages);
			at += count;
		}
		assertThat(messages.lines).isEqualTo(expected);
	}

	@Test
	void freesASharedWindowAtTheEnd() throws Exception {
		read(takingOver, compressed(1, HELLO));
		takingOver.end();
		takingOver.end();
		assertThat(violation(takingOver, compressed(1, HexFormat.of().parseHex("f200110000")))).as("of a message that refers back")
				.isEqualTo(Violation.NOT_DEFLATE);
	}

	@Test
	void holdsInflatedMessagesToTheLimitOfTheirKind() throws Exception {
		byte[] hundred = deflate(utf8("x".repeat(100)));
		MessageReader shortTexts = reader(false, LIMIT);
		shortTexts.textLimit(99);
		read(shortTexts, compressed(2, hundred));
		assertThat(violation(shortTexts, compressed(1, hundred))).isEqualTo(Violation.MESSAGE_TOO_BIG);
		MessageReader shortBinaries = reader(false, LIMIT);
		shortBinaries.binaryLimit(99);
		read(shortBinaries, compressed(1, hundred));
		assertThat(violation(shortBinaries, compressed(2, hundred))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void doesNotRaiseTheLimitOnInflatedMessages() throws Exception {
		MessageReader reader = reader(false, 99);
		reader.textLimit(1000);
		reader.binaryLimit(1000);
		byte[] hundred = deflate(new byte[100]);
		assertThat(violation(reader, compressed(2, hundred))).isEqualTo(Violation.MESSAGE_TOO_BIG);
	}

	@Test
	void leavesTheInflatedSizeAloneWhereNoLimitWasSet() throws Exception {
		MessageReader reader = new MessageReader(50, new PerMessageDeflate(false, false), 100);
		assertThat(read(reader, compressed(2, deflate(new byte[100])))).hasSize(1);
	}
}
