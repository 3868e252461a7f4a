package dev.hawser.http.upgrade;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The writing side of a socket: at most one write waits for room. Any thread may write, one at a time. */
abstract class SocketWriting extends MinimalEndPoint {
	private static final AtomicReferenceFieldUpdater<SocketWriting, @Nullable Write> WAITING = AtomicReferenceFieldUpdater
			.newUpdater(SocketWriting.class, Write.class, "waiting");

	/** What the socket has not taken; null for nothing. */
	private volatile @Nullable Write waiting;

	private static final class Write {
		final Callback callback;
		final ByteBuffer[] buffers;

		Write(Callback callback, ByteBuffer[] buffers) {
			this.callback = callback;
			this.buffers = buffers;
		}
	}

	SocketWriting(JettyTransport webSocket) {
		super(webSocket);
	}

	@Override
	public abstract SocketChannel getTransport();

	/** What the selector has to watch has changed. */
	abstract void changed();

	/** Whether the selector has to tell when there is room. */
	final boolean waitsForRoom() {
		return waiting != null;
	}

	/** Writes a single buffer, the usual case, in a way that is cheaper for the kernel than several. */
	@Override
	public final boolean flush(ByteBuffer... buffers) throws IOException {
		try {
			if (buffers.length == 1) {
				getTransport().write(buffers[0]);
				return !buffers[0].hasRemaining();
			}
			getTransport().write(buffers);
			return BufferUtil.remaining(buffers) == 0;
		}
		catch (IOException e) {
			throw new EofException(e);
		}
	}

	/** Writes until the socket takes nothing more. Returns whether all is written. */
	private boolean flushAll(ByteBuffer[] buffers) throws IOException {
		long left = BufferUtil.remaining(buffers);
		while (!flush(buffers)) {
			long before = left;
			left = BufferUtil.remaining(buffers);
			if (left == before) {
				return false;
			}
		}
		return true;
	}

	@Override
	public final void write(Callback callback, ByteBuffer... buffers) {
		if (waiting != null) {
			throw new WritePendingException();
		}
		boolean all;
		try {
			all = flushAll(buffers);
		}
		catch (IOException e) {
			callback.failed(e);
			return;
		}
		if (all) {
			callback.succeeded();
			return;
		}
		waiting = new Write(callback, buffers);
		changed();
		if (!isOpen()) { // perhaps the one that has closed it has not seen this write
			failWriting(new ClosedChannelException());
		}
	}

	/** There is room. */
	final void writeRest() {
		Write rest = waiting;
		if (rest == null) {
			return;
		}
		try {
			if (flushAll(rest.buffers) && WAITING.compareAndSet(this, rest, null)) {
				rest.callback.succeeded();
			}
		}
		catch (IOException e) {
			failWriting(e);
		}
	}

	final void failWriting(Throwable cause) {
		Callback told = cancelWrite(cause);
		if (told != null) {
			told.failed(cause);
		}
	}

	@Override
	public final @Nullable Callback cancelWrite(Throwable cause) {
		Write cancelled = WAITING.getAndSet(this, null);
		return cancelled == null ? null : cancelled.callback;
	}
}
