package dev.hawser.connection;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that takes everything at once, or nothing ever, and remembers none of it: for tests with many connections. */
public final class ForgetfulTransport implements Transport {
	private final boolean takes;
	private @Nullable Receiver receiver;

	private ForgetfulTransport(boolean takes) {
		this.takes = takes;
	}

	public static ForgetfulTransport takingAll() {
		return new ForgetfulTransport(true);
	}

	public static ForgetfulTransport takingNothing() {
		return new ForgetfulTransport(false);
	}

	/** The listener of this transport. */
	public Receiver receiver() {
		return Objects.requireNonNull(receiver);
	}

	@Override
	public void carry(Receiver told) {
		receiver = told;
	}

	@Override
	public boolean flush(ByteBuffer... buffers) {
		if (takes) {
			for (ByteBuffer buffer : buffers) {
				buffer.position(buffer.limit());
			}
		}
		return takes;
	}

	@Override
	public void write(ByteBuffer... buffers) {
		if (takes) {
			throw new IllegalStateException("flush takes everything");
		}
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
