package dev.hawser.connection;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The socket of a client that is away: what is written vanishes. */
final class NoSocket implements Transport {
	static final NoSocket INSTANCE = new NoSocket();

	private NoSocket() {
	}

	@Override
	public void carry(Receiver receiver) {
	}

	@Override
	public boolean flush(ByteBuffer... buffers) {
		for (ByteBuffer buffer : buffers) {
			buffer.position(buffer.limit());
		}
		return true;
	}

	@Override
	public void write(ByteBuffer... buffers) {
	}

	@Override
	public void resume() {
	}

	@Override
	public boolean isQuiet() {
		return true;
	}

	@Override
	public void shutdownOutput() {
	}

	@Override
	public void close() {
	}

	@Override
	public void reset() {
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return null;
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return null;
	}
}
