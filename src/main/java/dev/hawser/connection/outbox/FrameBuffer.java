package dev.hawser.connection.outbox;

import dev.hawser.protocol.FrameEncoder;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.Pool;
import dev.hawser.protocol.TextEncoder;
import java.nio.ByteBuffer;

/**
 * A direct buffer in which frames gather for one write. As with {@link BufferPool}, an outbox borrows one only while it has
 * something to gather. Not thread-safe.
 */
final class FrameBuffer {
	/** Capacity in bytes. */
	static final int SIZE = BufferPool.SIZE;
	private static final int KEPT = 64;

	private static final Pool<FrameBuffer> FREE = new Pool<>(KEPT, FrameBuffer::new);

	private final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);
	private final TextEncoder encoder = new TextEncoder();

	private FrameBuffer() {
	}

	/** Borrows an empty buffer. */
	static FrameBuffer acquire() {
		return FREE.take();
	}

	/** Returns the buffer and drops its content; the caller must not use it again. */
	void release() {
		bytes.clear();
		FREE.give(this);
	}

	/** Bytes of free space. */
	int remaining() {
		return bytes.remaining();
	}

	void put(OutgoingFrame frame) {
		frame.writeTo(bytes);
	}

	/** Puts a text message, as {@link TextEncoder#putFrame} does. Returns the bytes of its payload. */
	int put(String text) {
		return encoder.putFrame(text, bytes);
	}

	/** Puts a whole binary message, as {@link FrameEncoder#putBinary} does. */
	void put(byte[] data) {
		FrameEncoder.putBinary(data, bytes);
	}

	/** The gathered frames, ready to be sent; nothing may be added after this. */
	ByteBuffer flip() {
		return bytes.flip();
	}
}
