package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Readers on one thread, which get from the pool what the one before has given back: no byte of one connection may reach another. */
class OpenFrameTests {
	private static final int LIMIT = 100_000;

	private final ReadMessages ours = new ReadMessages();
	private final MessageReader reader = new MessageReader(LIMIT);

	private static byte[] wire(RawFrame... frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			bytes.writeBytes(frame.bytes());
		}
		return bytes.toByteArray();
	}

	/** Another connection, whose whole messages are read in between. */
	private static void readAnother() throws Exception {
		assertThat(ReadMessages.of(LIMIT, wire(RawFrame.text("other"), RawFrame.binary(new byte[200]), RawFrame.ping((byte) 9))))
				.hasSize(3);
	}

	/** Another connection, which breaks a rule in the middle of a message. */
	private static void breakARule() {
		byte[] cut = wire(RawFrame.text("secret").unfinished(), RawFrame.text("not allowed here"));
		byte[] noText = wire(RawFrame.opcode(1).payload((byte) 0xC3, (byte) 0x28));
		byte[] reserved = wire(RawFrame.opcode(3));
		for (byte[] wrong : List.of(cut, noText, reserved)) {
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> ReadMessages.of(LIMIT, wrong));
		}
	}

	@Test
	void staysWithAReaderFromTheFirstByteOfAFrameToTheEndOfItsMessage() throws Exception {
		byte[] data = "x".repeat(300).getBytes(StandardCharsets.UTF_8);
		byte[] wire = wire(RawFrame.text("first"), RawFrame.binary(data), RawFrame.text("a").unfinished(),
				RawFrame.ping((byte) 1, (byte) 2),
				RawFrame.continuation("b"), RawFrame.pong((byte) 3), RawFrame.close(1000, "bye"));
		for (byte each : wire) {
			reader.read(ByteBuffer.wrap(new byte[] { each }), ours);
			readAnother();
			breakARule();
		}
		assertThat(ours.lines).containsExactly(ReadMessages.aText("first"), ReadMessages.aBinary(data),
				ReadMessages.aPing((byte) 1, (byte) 2), ReadMessages.aText("ab"), ReadMessages.aPong((byte) 3),
				ReadMessages.aClose(1000, "bye"));
	}

	/** Ten connections in the middle of a frame, each of its own. */
	@Test
	void isNeverWithTwoReaders() throws Exception {
		List<MessageReader> readers = IntStream.range(0, 10).mapToObj(_ -> new MessageReader(LIMIT)).toList();
		List<ReadMessages> messages = readers.stream().map(_ -> new ReadMessages()).toList();
		for (int at = 0; at < wire(RawFrame.text("number 0")).length; at++) {
			for (int i = 0; i < readers.size(); i++) {
				readers.get(i).read(ByteBuffer.wrap(wire(RawFrame.text("number " + i)), at, 1), messages.get(i));
			}
		}
		for (int i = 0; i < readers.size(); i++) {
			assertThat(messages.get(i).lines).containsExactly(ReadMessages.aText("number " + i));
		}
	}
}
