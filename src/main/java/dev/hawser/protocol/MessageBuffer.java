package dev.hawser.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message while it arrives. They are kept in chunks and joined once, at the end, so that an unfinished message
 * takes little more memory than it has bytes so far. A message that arrives at once has one chunk, which is not copied. Not
 * thread-safe.
 */
final class MessageBuffer {
	/** Most memory that is reserved for bytes of a frame that have not arrived yet. */
	static final int STEP = 8 * 1024;
	/** Length of a borrowed array: as much as a read brings, so that no array is made for a text that comes whole. */
	static final int BORROWED = 64 * 1024;
	private static final byte[] EMPTY = new byte[0];

	/** Buffers without a message, for connections that are being read. */
	static final Pool<MessageBuffer> EMPTIES = new Pool<>(64, MessageBuffer::new);

	/** Arrays of {@link #BORROWED} bytes for messages that are finished within one read. */
	static final Pool<byte[]> FREE = new Pool<>(64, () -> new byte[BORROWED]);

	/** Chunks before the last, each full; null while there are none. */
	private @Nullable List<byte[]> full;
	private byte[] last = EMPTY;
	/** Bytes in the last chunk. */
	private int used;
	/** Bytes in all chunks. */
	private int length;
	/** The array from {@link #FREE} that is in use as a chunk; null without one. */
	private byte @Nullable [] borrowed;

	int length() {
		return length;
	}

	/** Bytes of memory that the chunks take. */
	int held() {
		return length - used + last.length;
	}

	/** Forgets the message; a borrowed array is kept for the next one. */
	void clear() {
		byte[] next = borrowed == null ? EMPTY : borrowed;
		if (last != next || full != null) { // storing a reference is expensive
			last = next;
			full = null;
		}
		used = 0;
		length = 0;
	}

	/** Borrows the first chunk of a message that will be finished before this read is over. */
	void borrow() {
		if (borrowed == null) {
			borrowed = FREE.take();
			last = borrowed;
		}
	}

	/** Returns the borrowed array for use by another connection; it must not contain a message. */
	void giveBack() {
		if (borrowed != null) {
			FREE.give(borrowed);
			borrowed = null;
			clear();
		}
	}

	/** Makes the first chunk of a message this large. */
	void expect(int count) {
		if (length == 0 && count > last.length) {
			last = new byte[count];
		}
	}

	/** Bytes for which the last chunk has room. */
	int room() {
		return last.length - used;
	}

	/** Adds a chunk of this many bytes after the last one, which is full. */
	void extend(int count) {
		if (length > 0) {
			full = full == null ? new ArrayList<>() : full;
			full.add(last);
		}
		last = new byte[count];
		used = 0;
	}

	/** The chunk into which the next bytes must be put, from {@link #position} on. */
	byte[] chunk() {
		return last;
	}

	int position() {
		return used;
	}

	/** Counts bytes that have been put into the chunk. */
	void advance(int count) {
		used += count;
		length += count;
	}

	/** The message in one array, from its first byte on; the array may be longer than the message. */
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

	/** Whether the array of {@link #whole} is exactly as long as the message and may be given away. */
	boolean isExact() {
		return full == null && used == last.length && last != borrowed;
	}
}
