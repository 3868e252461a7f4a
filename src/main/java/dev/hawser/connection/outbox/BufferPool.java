package dev.hawser.connection.outbox;

import dev.hawser.protocol.Pool;
import java.nio.ByteBuffer;

/**
 * Direct buffers for reading and for gathering writes. A connection borrows one only while it works, so that an idle connection
 * holds none; buffers that the pool cannot keep are left to the garbage collector.
 */
public final class BufferPool {
	/** Bytes of each buffer. */
	public static final int SIZE = 64 * 1024;
	private static final int KEPT = 64;

	private static final Pool<ByteBuffer> FREE = new Pool<>(KEPT, () -> ByteBuffer.allocateDirect(SIZE));

	private BufferPool() {
	}

	/** An empty buffer: position 0, limit {@link #SIZE}. */
	public static ByteBuffer acquire() {
		return FREE.take().clear();
	}

	/** Returns a buffer to the pool; the caller must not use it again. */
	public static void release(ByteBuffer buffer) {
		FREE.give(buffer);
	}
}
