package dev.hawser.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message while they come in. They are kept in chunks and put together once, at the end, so that an unfinished
 * message takes little more
 * memory than has come of it. A message that is there as a whole has one chunk, which is not copied. Not thread-safe.
 */
final class MessageBuffer {
	/** The most that is reserved for bytes of a frame that have not come yet. */
	static final int STEP = 8 * 1024;
	private static final byte[] EMPTY = new byte[0];

	/** Arrays of {@link #STEP} bytes for what is used up within one read. */
	static final Pool<byte[]> FREE = new Pool<>(64, () -> new byte[STEP]);

	/** Chunks before the last, each full; null while there are none. */
	private @Nullable List<byte[]> full;
	private byte[] last = EMPTY;
	/** Bytes in the last chunk. */
	private int used;
	/** Bytes in all chunks. */
	private int length;
	/** One of {@link #FREE}, in use as a chunk. */
	private byte @Nullable [] borrowed;

	int length() {
		return length;
	}

	/** Bytes of memory that the chunks take. */
	int held() {
		return length - used + last.length;
	}

	/** Forgets the message; an array that is borrowed is used for the next one, too. */
	void clear() {
		byte[] next = borrowed == null ? EMPTY : borrowed;
		if (last != next || full != null) { // storing a reference is dear
			last = next;
			full = null;
		}
		used = 0;
		length = 0;
	}

	/** The message that begins will be whole before this read is over: its first chunk may be a borrowed one. */
	void borrow() {
		if (borrowed == null) {
			borrowed = FREE.take();
			last = borrowed;
		}
	}

	/** What was borrowed is free for another connection; there must be no message in it. */
	void giveBack() {
		if (borrowed != null) {
			FREE.give(borrowed);
			borrowed = null;
			clear();
		}
	}

	/** Makes the first chunk of a message so large. */
	void expect(int count) {
		if (length == 0 && count > last.length) {
			last = new byte[count];
		}
	}

	/** For how many bytes the last chunk has room. */
	int room() {
		return last.length - used;
	}

	/** The last chunk is full; another follows, of so many bytes. */
	void extend(int count) {
		if (length > 0) {
			full = full == null ? new ArrayList<>() : full;
			full.add(last);
		}
		last = new byte[count];
		used = 0;
	}

	/** Where bytes are to be put, from {@link #position} on. */
	byte[] chunk() {
		return last;
	}

	int position() {
		return used;
	}

	/** So many bytes have been put. */
	void advance(int count) {
		used += count;
		length += count;
	}

	/** The message from the first byte of an array on, which is longer perhaps. */
	byte[] whole() {
		if (full != null) {
			byte[] all = new byte[length];
			int at = 0;
			for (byte[] chunk : full) {
				System.arraycopy(chunk, 0, all, at, chunk.length);
				at += chunk.length;
			}
			System.arraycopy(last, 0, all, at, used);
			full = null;
			last = all;
			used = length;
		}
		return last;
	}

	/** Whether {@link #whole} may be given away as it is. */
	boolean isExact() {
		return full == null && used == last.length && last != borrowed;
	}
}
