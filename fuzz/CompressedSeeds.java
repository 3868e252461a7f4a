import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Deflater;

/**
 * Writes the seeds of the compressed reader: {@code java fuzz/CompressedSeeds.java}. Seeds named {@code broken-<VIOLATION>} must
 * end with this violation. The first bytes are explained in {@code CompressedReaderFuzz}.
 */
class CompressedSeeds {
	private static final Path FOLDER = Path.of("fuzz/corpus/compressed-reader");
	/** Limit 65,536, cuts of 1 and 7 bytes. */
	private static final byte[] ALONE = { 7 << 2 | 2, 1, 7 };
	/** The same, and messages share a window. */
	private static final byte[] SHARED = { (byte) 0x80 | 7 << 2 | 2, 3, 50 };
	/** Limit 125 (62 for text). */
	private static final byte[] LIMIT_125 = { 0x20 | 2 << 2 };
	/** Limit 0. */
	private static final byte[] LIMIT_0 = { 0 };
	/** 1000 bytes over the wire. */
	private static final byte[] WIRE_1000 = { 0x40 | 7 << 2 };
	private static final byte[] HELLO = hex("f248cdc9c90700");
	private static final byte[] HELLO_AGAIN = hex("f200110000");

	private static final int CONTINUATION = 0;
	private static final int TEXT = 1;
	private static final int BINARY = 2;
	private static final int FIN = 0x80;
	private static final int RSV1 = 0x40;

	public static void main(String[] args) throws IOException {
		Files.createDirectories(FOLDER);
		wellFormed();
		blocks();
		broken();
	}

	private static void wellFormed() throws IOException {
		byte[] json = utf8("{\"id\":1,\"name\":\"Kaf\u00e9 \u20ac \ud83d\ude00\"}".repeat(8));
		seed("text", ALONE, frame(FIN | RSV1 | TEXT, HELLO));
		seed("text-and-the-same-again", SHARED, frame(FIN | RSV1 | TEXT, HELLO), frame(FIN | RSV1 | TEXT, HELLO_AGAIN));
		seed("empty", ALONE, frame(FIN | RSV1 | TEXT, new byte[1]));
		seed("json", ALONE, frame(FIN | RSV1 | TEXT, deflated(json)));
		seed("json-then-uncompressed", SHARED, frame(FIN | RSV1 | TEXT, deflated(json)), frame(FIN | TEXT, utf8("plain")),
				frame(FIN | RSV1 | BINARY, deflated(json)));
		byte[] half = deflated(json);
		seed("json-in-fragments-with-a-ping", ALONE, frame(RSV1 | TEXT, Arrays.copyOf(half, 20)), frame(FIN | 9, new byte[] { 1 }),
				frame(CONTINUATION, Arrays.copyOfRange(half, 20, 21)), frame(CONTINUATION),
				frame(FIN, Arrays.copyOfRange(half, 21, half.length)));
		seed("begun", ALONE, frame(RSV1 | TEXT, Arrays.copyOf(half, 20)));
		seed("then-close", SHARED, frame(FIN | RSV1 | TEXT, HELLO), frame(FIN | 8, new byte[] { 3, (byte) 0xE8 }));
		seed("bomb-within-the-limit", ALONE, frame(FIN | RSV1 | BINARY, deflated(new byte[65_536])));
		seed("of-the-limit", LIMIT_125, frame(FIN | RSV1 | BINARY, deflated(new byte[125])),
				frame(FIN | RSV1 | TEXT, deflated(new byte[62])));
	}

	/** Kinds and endings of blocks. */
	private static void blocks() throws IOException {
		seed("stored", ALONE, frame(FIN | RSV1 | TEXT, hex("000500faff48656c6c6f00")));
		seed("last-block", ALONE, frame(FIN | RSV1 | TEXT, hex("f348cdc9c9070000")));
		seed("last-block-and-more", ALONE, frame(FIN | RSV1 | TEXT, hex("f348cdc9c90700"), HELLO));
		seed("last-block-then-next-message", SHARED, frame(FIN | RSV1 | TEXT, hex("f348cdc9c9070000")), frame(FIN | RSV1 | TEXT, HELLO));
		seed("two-blocks", ALONE, frame(FIN | RSV1 | TEXT, hex("f24805000000ffffcac9c90700")));
	}

	private static void broken() throws IOException {
		seed("broken-NOT_DEFLATE", ALONE, frame(FIN | RSV1 | BINARY, hex("ff")));
		seed("broken-NOT_DEFLATE-empty-payload", ALONE, frame(FIN | RSV1 | BINARY));
		seed("broken-NOT_DEFLATE-nothing-after-the-last-block", ALONE, frame(FIN | RSV1 | TEXT, hex("f348cdc9c90700")));
		seed("broken-NOT_DEFLATE-cut-short", ALONE, frame(FIN | RSV1 | BINARY, Arrays.copyOf(HELLO, 4)));
		seed("broken-NOT_DEFLATE-cut-short-in-a-shared-window", SHARED, frame(FIN | RSV1 | BINARY, Arrays.copyOf(HELLO, 3)),
				frame(FIN | RSV1 | BINARY, HELLO_AGAIN));
		seed("broken-NOT_DEFLATE-empty-payload-in-a-shared-window", SHARED, frame(FIN | RSV1 | BINARY), frame(FIN | RSV1 | BINARY, HELLO));
		seed("broken-NOT_DEFLATE-window-not-shared", ALONE, frame(FIN | RSV1 | TEXT, HELLO), frame(FIN | RSV1 | TEXT, HELLO_AGAIN));
		seed("broken-NOT_DEFLATE-stored-length", SHARED, frame(FIN | RSV1 | BINARY, hex("000500ffff48656c6c6f")));
		seed("broken-MESSAGE_TOO_BIG-inflated", LIMIT_125, frame(FIN | RSV1 | BINARY, deflated(new byte[126])));
		seed("broken-MESSAGE_TOO_BIG-inflated-text", LIMIT_125, frame(FIN | RSV1 | TEXT, deflated(new byte[63])));
		seed("broken-MESSAGE_TOO_BIG-nothing-allowed", LIMIT_0, frame(FIN | RSV1 | BINARY, new byte[1]), frame(FIN | RSV1 | BINARY, HELLO));
		seed("broken-MESSAGE_TOO_BIG-bomb", ALONE, frame(RSV1 | BINARY, deflated(new byte[70_000])));
		byte[] block = hex("0000ffff".repeat(60));
		seed("broken-MESSAGE_TOO_BIG-over-the-wire", WIRE_1000, frame(RSV1 | BINARY, block), frame(0, block), frame(0, block),
				frame(0, block), frame(0, block));
		seed("broken-TEXT_NOT_UTF8-inflated", ALONE, frame(RSV1 | TEXT, deflated(new byte[] { 'a', (byte) 0xED, (byte) 0xA0 })));
		seed("broken-TEXT_NOT_UTF8-inflated-at-its-end", SHARED, frame(FIN | RSV1 | TEXT, deflated(new byte[] { (byte) 0xE2 })));
		seed("broken-RESERVED_BIT-on-a-continuation", ALONE, frame(RSV1 | TEXT, HELLO), frame(FIN | RSV1, new byte[1]));
		seed("broken-RESERVED_BIT-on-a-ping", ALONE, frame(FIN | RSV1 | 9));
		seed("broken-RESERVED_BIT-second", ALONE, frame(FIN | RSV1 | 0x20 | TEXT, HELLO));
		seed("broken-MESSAGE_NOT_FINISHED-compressed", ALONE, frame(RSV1 | TEXT, HELLO), frame(FIN | RSV1 | TEXT, HELLO));
	}

	private static byte[] deflated(byte[] message) {
		try (Deflater deflater = new Deflater(9, true)) {
			deflater.setInput(message);
			byte[] out = new byte[message.length + 100];
			int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
			return Arrays.copyOf(out, length - 4);
		}
	}

	private static byte[] frame(int firstByte, byte[]... parts) {
		byte[] payload = concat(parts);
		if (payload.length > 255) {
			throw new IllegalArgumentException(payload.length + " bytes");
		}
		return concat(new byte[] { (byte) firstByte, (byte) payload.length }, payload);
	}

	private static void seed(String name, byte[] head, byte[]... frames) throws IOException {
		Files.write(FOLDER.resolve(name), concat(head, concat(frames)));
	}

	private static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] hex(String digits) {
		return HexFormat.of().parseHex(digits);
	}
}
