package dev.hawser.protocol;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's whole stream the slow and obvious way, straight from RFC 6455 section 5 and RFC 7692 section 7.2.2, and
 * shares no code with the engine. What {@link MessageReader} makes of the same bytes must be the same.
 */
final class ReferenceReader {
	/**
	 * @param events what the handler must have been told, see {@link RecordedEvents}
	 * @param broken the rules that the frame which ended it breaks, one of which must be reported; empty when none
	 * @param midway whether a message or control frame is unfinished
	 * @param size   bytes of all messages as they are handed on, and of what there is of an unfinished or broken one
	 */
	record Outcome(List<String> events, Set<Violation> broken, boolean midway, long size) {
	}

	/**
	 * What was agreed on about compression, and how many bytes a compressed message may have when it is inflated.
	 *
	 * @param takesOver whether messages share a window
	 */
	record Deflate(boolean takesOver, int textLimit, int binaryLimit) {
	}

	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private final byte[] stream;
	private final int textLimit;
	private final int binaryLimit;
	private final @Nullable Deflate deflate;
	private final RecordedEvents events = new RecordedEvents();
	private final Set<Violation> broken = EnumSet.noneOf(Violation.class);
	private int at;
	private @Nullable ByteArrayOutputStream message;
	private boolean text;
	private boolean compressed;
	private int onWire;
	private long size;
	private @Nullable ReferenceInflater inflater;

	private ReferenceReader(byte[] stream, int textLimit, int binaryLimit, @Nullable Deflate deflate) {
		this.deflate = deflate;
		this.stream = stream;
		this.textLimit = textLimit;
		this.binaryLimit = binaryLimit;
	}

	static Outcome read(byte[] stream, int textLimit, int binaryLimit) {
		return read(stream, textLimit, binaryLimit, null);
	}

	static Outcome read(byte[] stream, int textLimit, int binaryLimit, @Nullable Deflate deflate) {
		ReferenceReader reader = new ReferenceReader(stream, textLimit, binaryLimit, deflate);
		boolean inFrame = reader.readFrames();
		if (reader.inflater != null) {
			reader.inflater.close();
		}
		long unfinished = reader.message == null ? 0 : reader.message.size();
		return new Outcome(List.copyOf(reader.events.list()), reader.broken, inFrame || reader.message != null,
				reader.size + unfinished);
	}

	/** Reads until the stream ends, a rule is broken or a close frame has come; true when it ended within a payload. */
	private boolean readFrames() {
		while (headerIsWhole()) {
			boolean fin = bit(at, 0x80);
			int opcode = stream[at] & 0x0F;
			BigInteger length = announcedLength();
			checkHeader(fin, opcode, length);
			if (!broken.isEmpty()) {
				return false;
			}
			int start = at + headerSize();
			int end = (int) Math.min(stream.length, start + length.longValueExact());
			boolean whole = end == start + length.longValueExact();
			byte[] payload = unmasked(start, end);
			if (message == null) {
				compressed = bit(at, 0x40);
			}
			at = end;
			if (opcode >= 8 ? !whole : !append(opcode, payload, whole && fin) || !whole) {
				return broken.isEmpty();
			}
			if (opcode >= 8 && !control(opcode, payload)) {
				return false;
			}
		}
		return false;
	}

	private boolean headerIsWhole() {
		return stream.length - at >= 2 && stream.length - at >= headerSize();
	}

	private int headerSize() {
		int shortLength = stream[at + 1] & 0x7F;
		return 2 + (shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0) + (bit(at + 1, 0x80) ? 4 : 0);
	}

	private BigInteger announcedLength() {
		int shortLength = stream[at + 1] & 0x7F;
		return switch (shortLength) {
			case 126 -> new BigInteger(1, stream, at + 2, 2);
			case 127 -> new BigInteger(1, stream, at + 2, 8);
			default -> BigInteger.valueOf(shortLength);
		};
	}

	private boolean bit(int index, int bit) {
		return (stream[index] & bit) != 0;
	}

	private byte[] unmasked(int from, int to) {
		byte[] payload = Arrays.copyOfRange(stream, from, to);
		for (int i = 0; i < payload.length; i++) {
			payload[i] ^= stream[from - 4 + i % 4];
		}
		return payload;
	}

	private void checkHeader(boolean fin, int opcode, BigInteger length) {
		breaks(bit(at, deflate != null && (opcode == 1 || opcode == 2) ? 0x30 : 0x70), Violation.RESERVED_BIT);
		breaks(!List.of(0, 1, 2, 8, 9, 10).contains(opcode), Violation.RESERVED_OPCODE);
		breaks(!bit(at + 1, 0x80), Violation.UNMASKED);
		breaks(length.testBit(63), Violation.LENGTH_TOP_BIT);
		int shortest = length.compareTo(BigInteger.valueOf(125)) <= 0 ? 0 : length.bitLength() <= 16 ? 2 : 8;
		breaks(headerSize() != 2 + shortest + (bit(at + 1, 0x80) ? 4 : 0), Violation.LENGTH_NOT_MINIMAL);
		if (opcode >= 8) {
			breaks(!fin, Violation.CONTROL_FRAGMENTED);
			breaks(length.compareTo(BigInteger.valueOf(125)) > 0, Violation.CONTROL_TOO_LONG);
			return;
		}
		breaks(opcode == 0 && message == null, Violation.NOTHING_TO_CONTINUE);
		breaks(opcode != 0 && message != null, Violation.MESSAGE_NOT_FINISHED);
		boolean isText = message != null ? text : opcode == 1;
		BigInteger all = length.add(BigInteger.valueOf(message == null ? 0 : onWire));
		breaks(all.compareTo(BigInteger.valueOf(isText ? textLimit : binaryLimit)) > 0, Violation.MESSAGE_TOO_BIG);
	}

	private void breaks(boolean isBroken, Violation violation) {
		if (isBroken) {
			broken.add(violation);
		}
	}

	/** False when the text has a bad byte. */
	private boolean append(int opcode, byte[] payload, boolean last) {
		if (message == null) {
			message = new ByteArrayOutputStream();
			text = opcode == 1;
			onWire = 0;
		}
		onWire += payload.length;
		if (compressed && deflate != null) {
			inflate(payload, last, deflate, message);
		}
		else {
			message.writeBytes(payload);
		}
		byte[] all = message.toByteArray();
		breaks(text && !(last ? NaiveUtf8.isWhole(all) : NaiveUtf8.isBeginning(all)), Violation.TEXT_NOT_UTF8);
		if (!broken.isEmpty()) {
			return false;
		}
		if (last) {
			size += all.length;
			if (text) {
				events.text(new String(all, StandardCharsets.UTF_8), all.length);
			}
			else {
				events.binary(all);
			}
			message = null;
		}
		return true;
	}

	private void inflate(byte[] payload, boolean last, Deflate agreed, ByteArrayOutputStream into) {
		int most = text ? agreed.textLimit : agreed.binaryLimit;
		if (inflater == null) {
			inflater = new ReferenceInflater();
		}
		try {
			inflater.inflate(payload, into, most);
			if (last) {
				inflater.inflate(TAIL, into, most);
			}
			breaks(last && !inflater.isBetweenBlocks(), Violation.NOT_DEFLATE);
			if (last && !agreed.takesOver) {
				inflater.close();
				inflater = null;
			}
		}
		catch (DataFormatException e) {
			broken.add(Violation.NOT_DEFLATE);
		}
		breaks(into.size() > most, Violation.MESSAGE_TOO_BIG);
	}

	/** False after a close frame. */
	private boolean control(int opcode, byte[] payload) {
		if (opcode == 9) {
			events.ping(payload);
		}
		else if (opcode == 10) {
			events.pong(payload);
		}
		else {
			close(payload);
		}
		return opcode != 8;
	}

	private void close(byte[] payload) {
		if (payload.length == 0) {
			events.closed(1005, "");
			return;
		}
		if (payload.length == 1) {
			broken.add(Violation.CLOSE_BODY_ONE_BYTE);
			return;
		}
		int code = new BigInteger(1, payload, 0, 2).intValue();
		byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
		boolean defined = List.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014).contains(code);
		breaks(!defined && (code < 3000 || code >= 5000), Violation.CLOSE_CODE_INVALID);
		breaks(!NaiveUtf8.isWhole(reason), Violation.CLOSE_REASON_NOT_UTF8);
		if (broken.isEmpty()) {
			events.closed(code, new String(reason, StandardCharsets.UTF_8));
		}
	}
}
