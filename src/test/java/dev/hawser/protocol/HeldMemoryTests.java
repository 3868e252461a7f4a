package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hawser.testing.RawFrame;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that an unfinished message takes, and the memory that the reader reports. */
class HeldMemoryTests {
	private static final int LIMIT = 1 << 20;
	/** How many bytes may be reserved for data that has not come yet. */
	private static final int STEP = 8 * 1024;
	private static final int INFLATER = 44 * 1024;
	private static final int WINDOW = 32 * 1024;
	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final ReadMessages messages = new ReadMessages();
	private final MessageReader reader = new MessageReader(LIMIT);
	private int came;

	private static MessageReader inflating(boolean takesOver) {
		return new MessageReader(LIMIT, new PerMessageDeflate(false, takesOver), LIMIT);
	}

	/** Feeds the bytes in pieces, and checks after each that the reader holds no more than has come. */
	private void feed(byte[] wire, int piece) throws ProtocolException {
		for (int at = 0; at < wire.length; at += piece) {
			int count = Math.min(piece, wire.length - at);
			reader.read(ByteBuffer.wrap(wire, at, count), messages);
			came += count;
			if (reader.held() > came + STEP) { // an assertion for each byte would take long
				throw new AssertionError(reader.held() + " bytes are held after " + came);
			}
		}
	}

	private static byte[] ofLetters(int size) {
		byte[] text = new byte[size];
		for (int i = 0; i < size; i++) {
			text[i] = (byte) ('a' + i % 26);
		}
		return text;
	}

	@ParameterizedTest(name = "frame of {0} bytes in pieces of {1}")
	@CsvSource({ "1048575,65536", "1048575,16384", "1048575,1000", "100000,7", "8193,1", "8192,1", "65535,65536", "20000,20015" })
	void holdsWhatHasComeOfAFrameAndLittleMore(int size, int piece) throws Exception {
		byte[] content = ofLetters(size);
		byte[] wire = RawFrame.opcode(2).payload(content).bytes();
		feed(Arrays.copyOf(wire, wire.length - 1), piece);
		assertThat(reader.held()).isGreaterThanOrEqualTo(size - 1);
		reader.read(ByteBuffer.wrap(wire, wire.length - 1, 1), messages);
		assertThat(messages.lines).containsExactly(ReadMessages.aBinary(content));
		assertThat(reader.held()).isZero();
	}

	@ParameterizedTest(name = "fragments of {0} bytes in pieces of {1}")
	@CsvSource({ "1,100", "5,3", "1000,65536", "1000,16384", "9000,65536", "9000,1000", "60000,65536" })
	void holdsWhatHasComeInFragmentsAndLittleMore(int fragment, int piece) throws Exception {
		byte[] content = ofLetters(Math.min(LIMIT, 20_000 * fragment));
		List<RawFrame> frames = new ArrayList<>();
		for (int at = 0; at < content.length; at += fragment) {
			frames.add(RawFrame.opcode(at == 0 ? 1 : 0).payload(Arrays.copyOfRange(content, at, Math.min(content.length, at + fragment)))
					.unfinished());
		}
		for (RawFrame frame : frames) {
			feed(frame.bytes(), piece);
		}
		assertThat(reader.held()).isBetween(content.length, content.length + STEP);
		reader.read(ByteBuffer.wrap(RawFrame.opcode(0).bytes()), messages);
		assertThat(messages.lines).hasSize(1);
		assertThat(messages.lines.getFirst()).isEqualTo("text " + new String(content, StandardCharsets.US_ASCII));
		assertThat(reader.held()).isZero();
	}

	/** The reader cannot hold more than it allocates. Measures again when other code allocated memory meanwhile. */
	@ParameterizedTest(name = "pieces of {0}")
	@ValueSource(ints = { 65_536, 16_384, 1000 })
	void allocatesNoMoreThanItSays(int piece) throws Exception {
		byte[] wire = RawFrame.opcode(2).payload(new byte[LIMIT]).bytes();
		List<ByteBuffer> pieces = new ArrayList<>();
		for (int at = 0; at < wire.length - 1; at += piece) {
			pieces.add(ByteBuffer.wrap(wire, at, Math.min(piece, wire.length - 1 - at)).slice());
		}
		long allocated = Long.MAX_VALUE;
		for (int attempt = 0; attempt < 3 && allocated > LIMIT * 11L / 10; attempt++) {
			MessageReader other = new MessageReader(LIMIT);
			pieces.forEach(ByteBuffer::rewind);
			long before = THREADS.getCurrentThreadAllocatedBytes();
			for (ByteBuffer some : pieces) {
				other.read(some, messages);
			}
			allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
		}
		assertThat(allocated).isBetween((long) LIMIT, LIMIT * 11L / 10);
	}

	@Test
	void holdsNothingBetweenMessages() throws Exception {
		reader.read(ByteBuffer.wrap(RawFrame.text("hello").bytes()), messages);
		assertThat(reader.held()).isZero();
		reader.read(ByteBuffer.wrap(RawFrame.opcode(2).payload(new byte[70_000]).bytes()), messages);
		assertThat(reader.held()).isZero();
	}

	private static byte[] deflated(byte[] content) {
		try (Deflater deflater = new Deflater(6, true)) {
			deflater.setInput(content);
			byte[] out = new byte[content.length + 100];
			return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4);
		}
	}

	@ParameterizedTest(name = "inflated to {0} bytes")
	@ValueSource(ints = { 1, 8191, 8192, 8193, 100_000, LIMIT })
	void holdsWhatAMessageHasInflatedToAndTheInflater(int size) throws Exception {
		byte[] content = new byte[size];
		new Random(size).nextBytes(content);
		Arrays.fill(content, 0, size / 2, (byte) 0);
		for (boolean takesOver : new boolean[] { false, true }) {
			MessageReader inflating = inflating(takesOver);
			RawFrame all = RawFrame.opcode(2).rsv(4).payload(deflated(content)).unfinished();
			for (int message = 0; message < 2; message++) {
				inflating.read(ByteBuffer.wrap(all.bytes()), messages);
				assertThat(inflating.held()).isBetween(size + INFLATER,
						size + Math.clamp(size, STEP, 4 * STEP) + INFLATER + (takesOver ? WINDOW : 0));
				inflating.read(ByteBuffer.wrap(RawFrame.opcode(0).bytes()), messages);
				assertThat(messages.lines.removeLast()).isEqualTo(ReadMessages.aBinary(content));
				assertThat(inflating.held()).isBetween(takesOver ? Math.min(size, WINDOW) : 0, takesOver ? WINDOW : 0);
			}
			inflating.end();
			assertThat(inflating.held()).isZero();
		}
	}
}
