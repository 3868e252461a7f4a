package dev.hawser.protocol;

import java.util.Arrays;
import java.util.zip.Inflater;

/**
 * The last 32 KiB of one client's inflated messages, to which the next message may refer (RFC 7692 section 7.2.3.2). Takes only as
 * much memory as there are such bytes, rounded up. Not thread-safe.
 */
final class InflaterWindow {
	/** RFC 1951 section 2: a reference goes back "up to 32K input bytes". */
	private static final int LARGEST = 32 * 1024;
	private static final byte[] EMPTY = new byte[0];

	/** A plain array until it is full, then a ring. */
	private byte[] bytes = EMPTY;
	/** Where the next byte goes; the oldest is there when the window is full. */
	private int next;
	private boolean full;

	/** Makes an inflater that has just been reset ready for the next message. */
	void restore(Inflater inflater) {
		if (full && next < LARGEST) {
			inflater.setDictionary(bytes, next, LARGEST - next);
		}
		if (next > 0) {
			inflater.setDictionary(bytes, 0, next); // with raw DEFLATE this adds to the dictionary
		}
	}

	/** Appends the last of these bytes to the window. */
	void append(byte[] from, int offset, int count) {
		int kept = Math.min(count, LARGEST);
		grow(kept);
		int source = offset + count - kept;
		int first = Math.min(kept, bytes.length - next);
		System.arraycopy(from, source, bytes, next, first);
		System.arraycopy(from, source + first, bytes, 0, kept - first);
		next += kept;
		if (next >= LARGEST) {
			full = true;
			next -= LARGEST;
		}
	}

	private void grow(int count) {
		int wanted = Math.min(LARGEST, next + count);
		if (wanted > bytes.length) {
			bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, wanted, LARGEST));
		}
	}

	/** Empties the window: the next message cannot refer to earlier ones. */
	void clear() {
		bytes = EMPTY;
		next = 0;
		full = false;
	}

	/** Bytes of memory that the window takes. */
	int held() {
		return bytes.length;
	}
}
