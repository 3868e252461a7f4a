package dev.hawser.connection.outbox;

import dev.hawser.protocol.OutgoingFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Frames that wait for a write in flight, in order. Frames with a deadline can be dropped. */
final class Backlog {
	/** Waiting frames are gathered into heap buffers of this size, so that many small ones cost little more than their bytes. */
	private static final int BUFFER = 4 * 1024;

	private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
	private long bytes;
	/** Whether one of the frames may have a deadline. */
	private boolean expiring;

	/**
	 * @param bytes the bytes, in write mode: the position is the end
	 * @param only  the only frame in the bytes, if it has a deadline; null for frames without deadlines
	 */
	private record Waiting(ByteBuffer bytes, @Nullable OutgoingFrame only) {
		boolean takes(int size) {
			return only == null && bytes.remaining() >= size;
		}

		boolean isExpired(long nanoTime) {
			return only != null && only.isExpired(nanoTime);
		}
	}

	void add(OutgoingFrame frame) {
		int size = frame.size();
		if (frame.expires()) {
			expiring = true;
			waiting.add(new Waiting(ByteBuffer.allocate(size), frame));
		}
		else if (waiting.isEmpty() || !waiting.getLast().takes(size)) {
			waiting.add(new Waiting(ByteBuffer.allocate(Math.max(size, BUFFER)), null));
		}
		frame.writeTo(waiting.getLast().bytes());
		bytes += size;
	}

	/** Drops the expired messages. Returns how many there were. */
	int dropExpired(long nanoTime) {
		if (!expiring) {
			return 0;
		}
		int before = waiting.size();
		waiting.removeIf(each -> each.isExpired(nanoTime));
		bytes = waiting.stream().mapToLong(each -> each.bytes().position()).sum();
		return before - waiting.size();
	}

	boolean isEmpty() {
		return waiting.isEmpty();
	}

	/** Bytes of all frames. */
	long bytes() {
		return bytes;
	}

	/** All frames, to be written; nothing may be added any more. */
	ByteBuffer[] buffers() {
		return waiting.stream().map(each -> each.bytes().flip()).toArray(ByteBuffer[]::new);
	}
}
