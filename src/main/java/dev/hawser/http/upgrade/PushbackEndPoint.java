package dev.hawser.http.upgrade;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A socket that one connection can leave to another, together with the bytes that it has already read.
 *
 * <p>Relies on what Jetty 12.1 does inside: a connection that takes over has asked for bytes when {@code upgrade} returns, and its first
 * read takes as many as {@link FirstRequestFactory#bytesAtOnce} says. {@code FirstRequestTests} holds both.
 */
public final class PushbackEndPoint extends SocketChannelEndPoint {
	private final ManagedSelector selector;
	private final Sockets sockets;
	/** Bytes for the next connection; used by the selector's thread. */
	private @Nullable ByteBuffer unread;
	/** What has taken the place of this endpoint; null for nothing. */
	private volatile @Nullable WebSocketEndPoint successor;

	/** The selector of the sockets, with its connector. Any thread may call. */
	public interface Sockets {
		/** Runs the update on the selector's thread, between two selects. */
		void submit(ManagedSelector.SelectorUpdate update);

		/** Runs what may block; a thread for each. */
		Executor elsewhere();

		/** The endpoint has been replaced. Its socket is still open. */
		void replaced(EndPoint before);

		/** The socket of this endpoint, which has taken the place of another one, has been closed. Called once. */
		void closed(EndPoint latest);
	}

	public PushbackEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Sockets sockets) {
		super(channel, selector, key, scheduler);
		this.selector = selector;
		this.sockets = sockets;
	}

	/**
	 * Replaces this endpoint by a smaller one, unless something is still waited for. Returns the one that the WebSocket uses from now on. Called
	 * by the thread that opens the WebSocket.
	 */
	EndPoint handOver(JettyTransport webSocket) {
		SelectionKey key = getChannel().keyFor(selector.getSelector());
		if (key == null || unread != null || isFillInterested() || getWriteFlusher().isPending() || getWriteFlusher().isFailed()) {
			return this;
		}
		WebSocketEndPoint smaller = new WebSocketEndPoint(sockets, key, webSocket);
		successor = smaller;
		key.attach(smaller);
		sockets.replaced(this);
		return smaller;
	}

	/** What is to be done for the bytes that have come. Work that may block, such as a request, gets a thread of its own. */
	@Override
	public @Nullable Runnable onSelected() {
		Runnable work = super.onSelected();
		return work == null ? null : switch (Invocable.getInvocationType(work)) {
			case NON_BLOCKING -> work;
			case EITHER -> Invocable.from(InvocationType.NON_BLOCKING, () -> Invocable.invokeNonBlocking(work));
			case BLOCKING -> Invocable.from(InvocationType.NON_BLOCKING, () -> sockets.elsewhere().execute(work));
		};
	}

	/**
	 * Lets the next connection take over, on this thread. It reads these bytes before those from the socket. Passing them directly,
	 * as Jetty can, would need another thread; and if they are malformed and more bytes have come, the connection's answer would be
	 * lost.
	 *
	 * @param bytes copied; no more than the next connection's first read takes
	 */
	void leaveTo(Connection next, ByteBuffer bytes) {
		unread = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
		upgrade(next);
		getFillInterest().fillable();
		if (unread != null) { // no event would report these bytes
			throw new IllegalStateException("The next connection has left " + unread.remaining() + " bytes unread");
		}
	}

	/** A client whose bytes have not been read yet has not been idle. */
	@Override
	protected void onIdleExpired(TimeoutException timeout) {
		if (!UnreadBytes.areDueIn(this)) {
			super.onIdleExpired(timeout);
		}
	}

	/** Closes the socket in the way of the endpoint that it now belongs to. */
	@Override
	public void onClose(@Nullable Throwable cause) {
		WebSocketEndPoint latest = successor;
		if (latest == null) {
			super.onClose(cause);
		}
		else {
			latest.close(cause);
		}
	}

	/** Does nothing for an endpoint that was closed while it was read; the JDK would throw. */
	@Override
	public void updateKey() {
		if (successor == null && (!isInputShutdown() || !isOutputShutdown())) {
			super.updateKey();
		}
	}

	/** Writes a single buffer, the usual case, in a way that is cheaper for the kernel than several. */
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
