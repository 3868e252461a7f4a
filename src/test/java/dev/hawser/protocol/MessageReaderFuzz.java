package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Fuzz target: any bytes from a client, cut anywhere. However they are cut, {@link MessageReader} must report what
 * {@link ReferenceReader} does, throw nothing but {@link ProtocolException}, and allocate no more than what has arrived
 * warrants.
 *
 * <pre>
 *  input = control, cuts, stream
 *  control: 1 byte, D T LLL NNN
 *    D    1 reads from a direct buffer
 *    T    1 halves the limit for text
 *    LLL  which of {@link #LIMITS} is the limit
 *    NNN  how many cuts there are
 *  cuts:    1 byte each, sizes of the chunks that the stream comes in, over and over; 0 is an empty chunk
 *  stream:  what the client sends
 * </pre>
 */
public final class MessageReaderFuzz {
	private static final int[] LIMITS = { 0, 1, 125, 126, 1000, 65_535, 65_536, 1 << 20 };
	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
	/** Objects around the payloads, and what one header may reserve in advance. */
	private static final int ALLOWED_ALWAYS = 64 * 1024;
	/** A buffer that doubles, its copy at the end, and the string that is made of it. */
	private static final int ALLOWED_PER_BYTE = 32;

	private MessageReaderFuzz() {
	}

	/** What the reader reported; {@code violation} is null when no rule was broken. */
	record Reading(List<String> events, @Nullable Violation violation) {
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
		int control = input[0];
		int cuts = Math.min(control & 7, input.length - 1);
		byte[] sizes = Arrays.copyOfRange(input, 1, 1 + cuts);
		byte[] stream = Arrays.copyOfRange(input, 1 + cuts, input.length);
		int limit = LIMITS[control >> 3 & 7];
		int textLimit = (control & 0x40) == 0 ? limit : limit / 2;
		boolean direct = (control & 0x80) != 0;

		ReferenceReader.Outcome expected = ReferenceReader.read(stream, textLimit, limit);
		Reading whole = read(reader(limit, textLimit), buffer(stream, direct), new byte[0]);
		assertThat(whole.events()).as("events").isEqualTo(expected.events());
		assertThat(whole.violation() == null ? EnumSet.noneOf(Violation.class) : EnumSet.of(whole.violation()))
				.as("violation, of %s", expected.broken()).hasSize(Math.min(1, expected.broken().size()))
				.isSubsetOf(expected.broken());
		assertThat(read(reader(limit, textLimit), buffer(stream, direct), sizes)).as("read in chunks").isEqualTo(whole);
		assertThat(read(reader(limit, textLimit), buffer(stream, direct), new byte[] { 1 })).as("read byte by byte").isEqualTo(whole);
		checkMemory(stream, limit, textLimit);
		return whole;
	}

	private static MessageReader reader(int limit, int textLimit) {
		MessageReader reader = new MessageReader(limit);
		reader.textLimit(textLimit);
		return reader;
	}

	/** A buffer that does not begin at the start of its array, so that a forgotten offset is found. */
	private static ByteBuffer buffer(byte[] stream, boolean direct) {
		ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(stream.length + 3) : ByteBuffer.allocate(stream.length + 3);
		return buffer.put(new byte[3]).slice().put(stream).flip();
	}

	/** Reads in chunks of these sizes, again and again; in one chunk when there are no sizes, or only zeros. */
	static Reading read(MessageReader reader, ByteBuffer in, byte[] sizes) {
		RecordedEvents events = new RecordedEvents();
		boolean endless = ByteBuffer.wrap(sizes).equals(ByteBuffer.allocate(sizes.length));
		try {
			for (int i = 0; in.hasRemaining(); i++) {
				int size = endless ? in.remaining() : Math.min(sizes[i % sizes.length] & 0xFF, in.remaining());
				ByteBuffer chunk = in.slice(in.position(), size);
				in.position(in.position() + size);
				reader.read(chunk, events);
				if (chunk.hasRemaining()) {
					throw new AssertionError("Left " + chunk.remaining() + " bytes unread");
				}
			}
			return new Reading(events.list(), null);
		}
		catch (ProtocolException e) {
			return new Reading(events.list(), e.violation());
		}
	}

	/** The reader cannot hold more than it allocates in all. Measures again when that is too much, since loading a class also allocates. */
	private static void checkMemory(byte[] stream, int limit, int textLimit) {
		long allowed = ALLOWED_ALWAYS + (long) ALLOWED_PER_BYTE * stream.length;
		long allocated = Long.MAX_VALUE;
		for (int attempt = 0; attempt < 3 && allocated > allowed; attempt++) {
			allocated = allocatedBy(reader(limit, textLimit), ByteBuffer.wrap(stream));
		}
		assertThat(allocated).as("bytes allocated for a stream of %s", stream.length).isLessThanOrEqualTo(allowed);
	}

	/** Bytes of heap that this thread allocates while it reads; ends the reader. */
	static long allocatedBy(MessageReader reader, ByteBuffer in) {
		long before = THREADS.getCurrentThreadAllocatedBytes();
		try {
			reader.read(in, Deaf.HANDLER);
		}
		catch (ProtocolException e) {
			// the reading before this one has checked it
		}
		finally {
			reader.end();
		}
		return THREADS.getCurrentThreadAllocatedBytes() - before;
	}

	private enum Deaf implements MessageHandler {
		HANDLER;

		@Override
		public void text(String text, int size) {
		}

		@Override
		public void binary(byte[] data) {
		}

		@Override
		public void ping(byte[] data) {
		}

		@Override
		public void pong(byte[] data) {
		}

		@Override
		public void close(CloseStatus status) {
		}
	}
}
