package dev.hawser.http.upgrade;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A socket that one connection can leave to another as if it had read nothing from it. */
public final class PushbackEndPoint extends SocketChannelEndPoint {
	/** Read by the selector's thread. */
	private @Nullable ByteBuffer unread;

	public PushbackEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
		super(channel, selector, key, scheduler);
	}

	/**
	 * The next connection takes over, on this thread, and reads these bytes before what comes. Giving them to it directly, as Jetty
	 * can, would take another thread, and would lose its answer to what it finds wrong with them when more has come behind.
	 *
	 * @param bytes copied; no more than the next connection's first read takes
	 */
	void leaveTo(Connection next, ByteBuffer bytes) {
		unread = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
		upgrade(next);
		getFillInterest().fillable();
		if (unread != null) { // nobody would be told that there is something to read
			throw new IllegalStateException("The next connection has left " + unread.remaining() + " bytes unread");
		}
	}

	/** Nothing is left to say about an endpoint that was closed while it was read; the JDK would make an exception of it. */
	@Override
	public void updateKey() {
		if (!isInputShutdown() || !isOutputShutdown()) {
			super.updateKey();
		}
	}

	/** One buffer is the rule, which the kernel takes with less to do than several. */
	@Override
	public boolean flush(ByteBuffer... buffers) throws IOException {
		if (buffers.length != 1) {
			return super.flush(buffers);
		}
		try {
			if (getChannel().write(buffers[0]) > 0) {
				notIdle();
			}
		}
		catch (IOException e) {
			throw new EofException(e);
		}
		return !buffers[0].hasRemaining();
	}

	@Override
	public int fill(ByteBuffer buffer) throws IOException {
		ByteBuffer first = unread;
		if (first == null) {
			return super.fill(buffer);
		}
		int position = BufferUtil.flipToFill(buffer);
		int count = BufferUtil.put(first, buffer);
		BufferUtil.flipToFlush(buffer, position);
		unread = first.hasRemaining() ? first : null;
		return count;
	}
}
