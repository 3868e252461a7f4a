package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to be sent, compressed and not (RFC 7692 section 7.2.1). */
class OutgoingFrameTests {
	private static final int LARGEST = 300_000;

	private static OutgoingFrame binary(byte[] payload) {
		return new OutgoingFrame(Opcode.BINARY, true, payload);
	}

	private static byte[] zeros(int length) {
		return new byte[length];
	}

	private static byte[] noise(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	/** The message that a client reads from a compressed frame: our own reader reads the payload, masked as a client's. */
	private static String read(MessageReader reader, byte[] payload) throws ProtocolException {
		ReadMessages messages = new ReadMessages();
		reader.read(ByteBuffer.wrap(RawFrame.opcode(2).rsv(4).payload(payload).bytes()), messages);
		return messages.lines.getFirst();
	}

	private static MessageReader reader(boolean takesOver) {
		return new MessageReader(2 * LARGEST, new PerMessageDeflate(false, takesOver), LARGEST);
	}

	@Test
	void isDeflatedOnceHoweverOftenItIsSent() {
		OutgoingFrame frame = OutgoingFrame.forMany(Opcode.BINARY, zeros(1000));
		OutgoingFrame deflated = frame.deflatedAlone();
		assertThat(deflated).isNotSameAs(frame);
		assertThat(deflated.size()).isLessThan(50);
		assertThat(frame.deflatedAlone()).isSameAs(deflated);
		assertThat(deflated.isForMany()).as("its bytes are shared as well").isTrue();
		assertThat(deflated.encoded().get(0) & 0xFF).as("FIN, RSV1, binary").isEqualTo(0xC2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 511, 512, 513, 70_000 })
	void writesTextAsUtf8(int length) {
		for (String end : List.of("", "\u007F", "\u0080", "\u00FF", "\u0100", "\u0141", "\u4E2D", "\uD83D\uDE00")) {
			String text = "x".repeat(Math.max(0, length - end.length())) + end;
			byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
			OutgoingFrame frame = OutgoingFrame.text(text);
			ByteBuffer out = ByteBuffer.allocate(frame.size());
			frame.writeTo(out);
			assertThat(out.array()).as("%d and %s", length, end).endsWith(utf8);
			assertThat(frame.length()).isEqualTo(utf8.length);
			assertThat(frame.payload()).isEqualTo(utf8);
			assertThat(OutgoingFrame.forMany(Opcode.TEXT, utf8).encoded()).isEqualTo(out.flip());
		}
	}

	@Test
	void isEncodedOnceHoweverOftenItIsSent() {
		OutgoingFrame frame = OutgoingFrame.forMany(Opcode.BINARY, zeros(1000));
		ByteBuffer first = frame.encoded();
		first.position(first.limit());
		ByteBuffer second = frame.encoded();
		assertThat(second.remaining()).as("a view of its own").isEqualTo(frame.size());
		first.put(500, (byte) 7);
		assertThat(second.get(500)).as("of the same bytes").isEqualTo((byte) 7);
	}

	@Test
	void staysAsItIsWhereDeflatingMakesItNoSmaller() {
		for (byte[] payload : new byte[][] { {}, { 1 }, noise(500), noise(100_000) }) {
			OutgoingFrame frame = binary(payload);
			assertThat(frame.deflatedAlone()).as("%d bytes", payload.length).isSameAs(frame);
		}
	}

	@Test
	void canBeReadWhateverItsLength() throws Exception {
		MessageReader reader = reader(false);
		for (int length = 0; length < 2000; length++) {
			for (byte[] payload : new byte[][] { zeros(length), noise(length) }) {
				assertThat(read(reader, MessageDeflater.deflateAlone(payload))).isEqualTo(ReadMessages.aBinary(payload));
			}
		}
	}

	@Test
	void sharesTheWindowWithThoseBefore() throws Exception {
		MessageDeflater deflater = new MessageDeflater();
		MessageReader reader = reader(true);
		byte[] words = noise(3000);
		int first = 0;
		for (int i = 0; i < 5; i++) {
			OutgoingFrame deflated = binary(words).deflated(deflater);
			assertThat(read(reader, deflated.payload())).isEqualTo(ReadMessages.aBinary(words));
			first = i == 0 ? deflated.size() : first;
			assertThat(i == 0 || deflated.size() < first / 10).as("size %d after %d", deflated.size(), first).isTrue();
		}
	}

	@Test
	void canBeReadWhateverItsLengthWithASharedWindow() throws Exception {
		MessageDeflater deflater = new MessageDeflater();
		MessageReader reader = reader(true);
		Random random = new Random(7);
		for (int i = 0; i < 300; i++) {
			ByteArrayOutputStream payload = new ByteArrayOutputStream();
			payload.writeBytes(zeros(random.nextInt(3) == 0 ? 0 : random.nextInt(500)));
			payload.writeBytes(noise(random.nextInt(4) == 0 ? 0 : random.nextInt(random.nextInt(50) == 0 ? LARGEST - 500 : 200)));
			byte[] bytes = payload.toByteArray();
			assertThat(read(reader, deflater.deflate(bytes))).isEqualTo(ReadMessages.aBinary(bytes));
		}
	}

	@Test
	void endsEachMessageWithoutItsEmptyBlock() {
		MessageDeflater deflater = new MessageDeflater();
		assertThat(deflater.deflate(new byte[0])).as("7.2.3.6").containsExactly(0);
		deflater.deflate(zeros(10));
		assertThat(deflater.deflate(new byte[0])).containsExactly(0);
		assertThat(MessageDeflater.deflateAlone(new byte[0])).containsExactly(0);
	}
}
