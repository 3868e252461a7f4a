import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes the seeds of the message reader, after {@code ./mvnw test-compile}:
 * {@code java -cp target/test-classes fuzz/Seeds.java}. One file for each kind of frame, and one named {@code broken-<VIOLATION>}
 * for each rule. The first bytes are explained in {@code MessageReaderFuzz}.
 */
class Seeds {
	private static final Path FOLDER = Path.of("fuzz/corpus/message-reader");
	private static final byte[] LIMIT_1_MIB = { 7 << 3 | 2, 5, 1 };
	private static final byte[] LIMIT_125 = { (byte) 0x80 | 2 << 3 | 1, 2 };
	private static final byte[] LIMIT_1000_TEXT_500 = { 0x40 | 4 << 3 };

	public static void main(String[] args) throws IOException {
		Files.createDirectories(FOLDER);
		frames();
		broken();
	}

	private static void frames() throws IOException {
		seed("text", RawFrame.text("Hello"));
		seed("text-empty", RawFrame.text(""));
		seed("text-of-1-to-4-byte-code-points", RawFrame.text("z\u00e4\u20ac\ud83d\ude00"));
		seed("text-long-mixed", RawFrame.text("Kaf\u00e9 \u20ac 12 \ud83d\ude00 ascii ascii ascii ".repeat(5)));
		seed("text-in-fragments-cut-in-a-code-point", RawFrame.opcode(1).payload(bytes(0xE2, 0x82)).unfinished(),
				RawFrame.opcode(0).payload(bytes(0xAC)));
		seed("binary", RawFrame.binary(bytes(0, 0xFF, 0x80)));
		seed("binary-125", RawFrame.binary(new byte[125]));
		seed("binary-126", RawFrame.binary(new byte[126]));
		seed("binary-65536-begun", begun(RawFrame.binary(new byte[65536]), 40));
		seed("binary-in-3-fragments", RawFrame.binary(bytes(1)).unfinished(), RawFrame.continuation("").unfinished(),
				RawFrame.continuation("ab"));
		seed("ping", RawFrame.ping(bytes(1, 2, 3)));
		seed("ping-125", RawFrame.ping(new byte[125]));
		seed("pong", RawFrame.pong());
		seed("ping-between-fragments", RawFrame.text("a").unfinished(), RawFrame.ping(bytes(9)), RawFrame.continuation("b"));
		seed("close", RawFrame.close(1000, "bye"));
		seed("close-empty", RawFrame.opcode(8));
		seed("close-4999", RawFrame.close(4999, ""));
		seed("close-between-fragments", RawFrame.text("a").unfinished(), RawFrame.close(1001, ""));
		seed("data-after-close", RawFrame.close(1000, ""), RawFrame.text("unread"));
		seed("header-begun", begun(RawFrame.text("Hello"), 4));
		seed("message-of-the-limit", LIMIT_125, RawFrame.binary(new byte[125]));
		seed("several", RawFrame.text("one"), RawFrame.binary(bytes(2)), RawFrame.ping(), RawFrame.text("three"));
	}

	private static void broken() throws IOException {
		seed("broken-RESERVED_BIT", RawFrame.text("x").rsv(4));
		seed("broken-RESERVED_OPCODE", RawFrame.opcode(3));
		seed("broken-UNMASKED", RawFrame.text("x").unmasked());
		seed("broken-LENGTH_TOP_BIT", RawFrame.binary().announcing(Long.MIN_VALUE | 1));
		seed("broken-LENGTH_NOT_MINIMAL", RawFrame.text("x").lengthBytes(2));
		seed("broken-CONTROL_FRAGMENTED", RawFrame.ping().unfinished());
		seed("broken-CONTROL_TOO_LONG", RawFrame.ping(new byte[126]));
		seed("broken-NOTHING_TO_CONTINUE", RawFrame.continuation("x"));
		seed("broken-MESSAGE_NOT_FINISHED", RawFrame.text("x").unfinished(), RawFrame.text("y"));
		seed("broken-CLOSE_BODY_ONE_BYTE", RawFrame.opcode(8).payload(bytes(3)));
		seed("broken-CLOSE_CODE_INVALID", RawFrame.close(1005, ""));
		seed("broken-CLOSE_REASON_NOT_UTF8", RawFrame.opcode(8).payload(bytes(3, 0xE8, 0xC3)));
		seed("broken-TEXT_NOT_UTF8", RawFrame.opcode(1).payload(bytes('a', 0xED, 0xA0, 0x80)));
		seed("broken-TEXT_NOT_UTF8-at-its-end", RawFrame.opcode(1).payload(bytes(0xF0, 0x9F, 0x98)));
		seed("broken-MESSAGE_TOO_BIG", LIMIT_125, RawFrame.binary(new byte[126]));
		seed("broken-MESSAGE_TOO_BIG-in-fragments", LIMIT_125, RawFrame.binary(new byte[100]).unfinished(),
				RawFrame.opcode(0).payload(new byte[26]));
		seed("broken-MESSAGE_TOO_BIG-of-text", LIMIT_1000_TEXT_500, RawFrame.text("x".repeat(501)));
		seed("broken-MESSAGE_TOO_BIG-announced", RawFrame.binary().announcing(1L << 62));
	}

	private static void seed(String name, RawFrame... frames) throws IOException {
		seed(name, LIMIT_1_MIB, frames);
	}

	private static void seed(String name, byte[] head, RawFrame... frames) throws IOException {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			stream.writeBytes(frame.bytes());
		}
		seed(name, head, stream.toByteArray());
	}

	private static void seed(String name, byte[] stream) throws IOException {
		seed(name, LIMIT_1_MIB, stream);
	}

	private static void seed(String name, byte[] head, byte[] stream) throws IOException {
		ByteArrayOutputStream file = new ByteArrayOutputStream();
		file.writeBytes(head);
		file.writeBytes(stream);
		Files.write(FOLDER.resolve(name), file.toByteArray());
	}

	/** The first bytes of a frame. */
	private static byte[] begun(RawFrame frame, int count) {
		return Arrays.copyOf(frame.bytes(), count);
	}

	private static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}
}
