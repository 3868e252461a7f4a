package dev.hawser.connection.outbox;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.OutgoingFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Frames that wait for a write in flight, in order. Frames with a deadline can be dropped. */
final class Backlog {
	/** Waiting frames are gathered into heap buffers of this size, so that many small ones cost little more than their bytes. */
	private static final int BUFFER = 4 * 1024;

	private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
	private final MemoryBudget.Account account;
	private long bytes;
	/** Memory that the frames take, which is charged. */
	private long memory;
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

		long memory() {
			return (long) bytes.capacity() + (only == null ? 0 : only.length());
		}

		boolean isExpired(long nanoTime) {
			return only != null && only.isExpired(nanoTime);
		}
	}

	Backlog(MemoryBudget.Account account) {
		this.account = account;
	}

	void add(OutgoingFrame frame) {
		int size = frame.size();
		if (frame.expires()) {
			expiring = true;
			add(new Waiting(ByteBuffer.allocate(size), frame));
		}
		else if (waiting.isEmpty() || !waiting.getLast().takes(size)) {
			add(new Waiting(ByteBuffer.allocate(Math.max(size, BUFFER)), null));
		}
		frame.writeTo(waiting.getLast().bytes());
		bytes += size;
	}

	private void add(Waiting next) {
		waiting.add(next);
		charge(next.memory());
	}

	private void charge(long more) {
		if (more != 0) {
			memory += more;
			account.add(more);
		}
	}

	/** Drops the expired messages. Returns how many there were. */
	int dropExpired(long nanoTime) {
		if (!expiring) {
			return 0;
		}
		int before = waiting.size();
		waiting.removeIf(each -> each.isExpired(nanoTime));
		bytes = waiting.stream().mapToLong(each -> each.bytes().position()).sum();
		charge(waiting.stream().mapToLong(Waiting::memory).sum() - memory);
		return before - waiting.size();
	}

	/** Drops all frames. */
	void drop() {
		waiting.clear();
		bytes = 0;
		charge(-memory);
	}

	boolean isEmpty() {
		return waiting.isEmpty();
	}

	/** Bytes of all frames. */
	long bytes() {
		return bytes;
	}

	/** Memory that the frames take. */
	long memory() {
		return memory;
	}

	/** All frames, to be written; nothing may be added any more. */
	ByteBuffer[] buffers() {
		return waiting.stream().map(each -> each.bytes().flip()).toArray(ByteBuffer[]::new);
	}
}
