package dev.hawser.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames in a stream of bytes, however they were split, and unmasks their payloads. Checks no rules: any two bytes are
 * accepted as a header. Not thread-safe; one per connection.
 *
 * <p>Use: {@link #readHeader} until it returns true, then {@link #readPayload} until {@link #payloadLeft} is 0.
 */
final class FrameDecoder {
	private static final int LONGEST_HEADER = 14;

	private int head;
	private long length;
	private int mask;
	private long payloadLeft;
	/** The first bytes of a header that was split between two reads; otherwise null, so that an idle connection has no buffer. */
	private @Nullable ByteBuffer partial;

	/** True when a whole header has been read; the accessors then return its values until the next call. */
	boolean readHeader(ByteBuffer in) {
		if (partial != null) {
			return readRestOfHeader(in, partial);
		}
		int available = in.remaining();
		if (available >= 2) {
			int start = in.position();
			int bits = in.getShort(start) & 0xFFFF;
			int size = headerSize(bits);
			if (available >= size) {
				parse(in, start, bits);
				in.position(start + size);
				return true;
			}
		}
		if (available > 0) {
			partial = ByteBuffer.allocate(LONGEST_HEADER).put(in);
		}
		return false;
	}

	/** Whether a part of a header has been read. */
	boolean isInHeader() {
		return partial != null;
	}

	private boolean readRestOfHeader(ByteBuffer in, ByteBuffer saved) {
		while (in.hasRemaining()) {
			saved.put(in.get());
			int bits = saved.getShort(0) & 0xFFFF;
			if (saved.position() >= 2 && saved.position() == headerSize(bits)) {
				parse(saved, 0, bits);
				partial = null;
				return true;
			}
		}
		return false;
	}

	private static int headerSize(int bits) {
		int lengthBytes = switch (FrameHead.shortLength(bits)) {
			case 126 -> 2;
			case 127 -> 8;
			default -> 0;
		};
		return 2 + lengthBytes + (FrameHead.masked(bits) ? 4 : 0);
	}

	private void parse(ByteBuffer in, int start, int bits) {
		head = bits;
		int at = start + 2;
		switch (FrameHead.shortLength(bits)) {
			case 126 -> {
				length = in.getShort(at) & 0xFFFF;
				at += 2;
			}
			case 127 -> {
				length = in.getLong(at);
				at += 8;
			}
			default -> length = FrameHead.shortLength(bits);
		}
		mask = FrameHead.masked(bits) ? in.getInt(at) : 0;
		payloadLeft = length;
	}

	/** Moves as much of the current payload as {@code in} has; otherwise as {@link #readPayload(ByteBuffer, byte[], int, int)}. */
	byte readPayload(ByteBuffer in, byte[] target, int offset) {
		return readPayload(in, target, offset, (int) Math.min(payloadLeft, in.remaining()));
	}

	/**
	 * Moves bytes of the current payload from {@code in} into {@code target}, unmasked.
	 *
	 * @param count number of bytes; {@code in} and the payload must have as many
	 * @return the OR of all bytes moved: negative exactly when one of them is outside ASCII
	 */
	byte readPayload(ByteBuffer in, byte[] target, int offset, int count) {
		in.get(target, offset, count);
		int phase = (int) (length - payloadLeft) & 3;
		payloadLeft -= count;
		return Masking.unmask(target, offset, count, Integer.rotateLeft(mask, phase * 8));
	}

	/** First two bytes of the current frame, for {@link FrameHead}. */
	int head() {
		return head;
	}

	/** Payload length as announced; negative when the forbidden top bit of a 64-bit length is set. */
	long length() {
		return length;
	}

	long payloadLeft() {
		return payloadLeft;
	}
}
