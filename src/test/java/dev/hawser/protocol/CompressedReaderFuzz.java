package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.protocol.MessageReaderFuzz.Reading;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzz target: frames with any DEFLATE data in them, well or badly formed, where permessage-deflate was agreed on. However the
 * bytes are cut, {@link MessageReader} must report what {@link ReferenceReader} does with {@link java.util.zip.Inflater}, throw
 * nothing but {@link ProtocolException}, and allocate no more than what has arrived and the limit on inflated messages warrant.
 *
 * <pre>
 *  input = control, cuts, frame ...
 *  control: 1 byte, K W T LLL NN
 *    K    1 lets messages share a window
 *    W    1 lets a message have 1000 bytes over the wire, and not a mebibyte
 *    T    1 halves the limits for text
 *    LLL  which of {@link #INFLATED_LIMITS} is the limit on inflated messages
 *    NN   how many cuts there are
 *  cuts:    1 byte each, sizes of the chunks that the stream comes in, over and over; 0 is an empty chunk
 *  frame:   first byte of the frame, length of its payload (1 byte), payload
 * </pre>
 */
public final class CompressedReaderFuzz {
	private static final int[] INFLATED_LIMITS = { 0, 1, 125, 1000, 4096, 8192, 20_000, 65_536 };
	private static final int ALLOWED_ALWAYS = 64 * 1024;
	/** The first buffer of a compressed message, its UTF-8 validator, an inflater. */
	private static final int ALLOWED_PER_FRAME = 10 * 1024;
	private static final int ALLOWED_PER_BYTE = 32;
	/** A buffer that doubles, its copy at the end, and the string that is made of it. */
	private static final int ALLOWED_PER_INFLATED_BYTE = 8;

	private CompressedReaderFuzz() {
	}

	/** The settings of the connection. */
	private record Setup(boolean takesOver, int wireLimit, int textLimit, int inflatedLimit) {
		static Setup of(int control) {
			int wire = (control & 0x40) == 0 ? 1 << 20 : 1000;
			int inflated = INFLATED_LIMITS[control >> 2 & 7];
			return new Setup((control & 0x80) != 0, wire, (control & 0x20) == 0 ? wire : Math.min(wire, inflated) / 2, inflated);
		}

		MessageReader reader() {
			MessageReader reader = new MessageReader(wireLimit, new PerMessageDeflate(false, takesOver), inflatedLimit);
			if (textLimit != wireLimit) {
				reader.textLimit(textLimit);
			}
			return reader;
		}

		ReferenceReader.Deflate deflate() {
			return new ReferenceReader.Deflate(takesOver, textLimit == wireLimit ? inflatedLimit : textLimit, inflatedLimit);
		}
	}

	/** Called by the fuzzer for each input. */
	public static void fuzzerTestOneInput(byte[] input) {
		check(input);
	}

	/** Checks one input, and returns what the reader read. */
	static Reading check(byte[] input) {
		if (input.length == 0) {
			return new Reading(List.of(), null);
		}
		Setup setup = Setup.of(input[0]);
		int cuts = Math.min(input[0] & 3, input.length - 1);
		byte[] sizes = Arrays.copyOfRange(input, 1, 1 + cuts);
		byte[] stream = stream(input, 1 + cuts);

		ReferenceReader.Outcome expected = ReferenceReader.read(stream, setup.textLimit(), setup.wireLimit(), setup.deflate());
		Reading whole = read(setup, stream, new byte[0]);
		assertIs(expected, whole, "read at once");
		assertIs(expected, read(setup, stream, sizes), "read in chunks");
		assertIs(expected, read(setup, stream, new byte[] { 1 }), "read byte by byte");
		checkMemory(setup, stream, expected);
		return whole;
	}

	/** The frames as they come over the wire, masked with a key of zeros. */
	private static byte[] stream(byte[] input, int from) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int at = from; at + 1 < input.length;) {
			int length = Math.min(input[at + 1] & 0xFF, input.length - at - 2);
			out.write(input[at]);
			if (length < 126) {
				out.write(0x80 | length);
			}
			else {
				out.write(0x80 | 126);
				out.write(0);
				out.write(length);
			}
			out.writeBytes(new byte[4]);
			out.write(input, at + 2, length);
			at += 2 + length;
		}
		return out.toByteArray();
	}

	/** Which of several broken rules is found first may depend on the cuts, since inflating runs ahead of them. */
	private static void assertIs(ReferenceReader.Outcome expected, Reading reading, String how) {
		assertThat(reading.events()).as("events, %s", how).isEqualTo(expected.events());
		if (expected.broken().isEmpty()) {
			assertThat(reading.violation()).as("violation, %s", how).isNull();
		}
		else {
			assertThat(reading.violation()).as("violation, %s", how).isIn(expected.broken());
		}
	}

	private static Reading read(Setup setup, byte[] stream, byte[] sizes) {
		MessageReader reader = setup.reader();
		try {
			return MessageReaderFuzz.read(reader, ByteBuffer.wrap(stream), sizes);
		}
		finally {
			reader.end();
		}
	}

	/** The reader cannot hold more than it allocates in all. Measures again when that is too much, since loading a class also allocates. */
	private static void checkMemory(Setup setup, byte[] stream, ReferenceReader.Outcome expected) {
		long allowed = ALLOWED_ALWAYS + (long) ALLOWED_PER_BYTE * stream.length + ALLOWED_PER_FRAME * (stream.length / 6L)
				+ ALLOWED_PER_INFLATED_BYTE * expected.size();
		long allocated = Long.MAX_VALUE;
		for (int attempt = 0; attempt < 3 && allocated > allowed; attempt++) {
			allocated = MessageReaderFuzz.allocatedBy(setup.reader(), ByteBuffer.wrap(stream));
		}
		assertThat(allocated).as("bytes allocated for a stream of %s that inflates to %s", stream.length, expected.size())
				.isLessThanOrEqualTo(allowed);
	}
}
