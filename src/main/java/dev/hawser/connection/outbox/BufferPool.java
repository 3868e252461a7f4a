package dev.hawser.connection.outbox;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Direct buffers for reading and for gathering writes. A connection borrows one only while it works, so that an idle
 * connection holds none; what the pool cannot keep is left to the garbage collector.
 */
public final class BufferPool {
	/** Bytes of each buffer. */
	public static final int SIZE = 64 * 1024;
	private static final int KEPT = 64;

	private static final BlockingQueue<ByteBuffer> FREE = new ArrayBlockingQueue<>(KEPT);

	private BufferPool() {
	}

	/** An empty buffer: position 0, limit {@link #SIZE}. */
	public static ByteBuffer acquire() {
		ByteBuffer pooled = FREE.poll();
		return pooled == null ? ByteBuffer.allocateDirect(SIZE) : pooled.clear();
	}

	/** Gives a buffer back; the caller must not touch it again. */
	public static void release(ByteBuffer buffer) {
		FREE.offer(buffer);
	}
}
