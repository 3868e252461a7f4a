package dev.hawser.upgrade;

import dev.hawser.connection.BufferPool;
import dev.hawser.connection.Transport;
import dev.hawser.connection.WebSocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a Jetty endpoint. Reading and writing are declared non-blocking, so that Jetty calls back on the thread
 * that found the socket ready, without a hop. A buffer is borrowed for each read and given back: an idle connection has none.
 */
class JettyTransport extends AbstractConnection implements Connection.UpgradeTo, Transport {
	private final Callback readable = new Readable();
	/** Kept, because a closed socket no longer tells it, and OnClose may ask. */
	private final @Nullable InetSocketAddress remoteAddress;
	/** Whether one fill may leave something behind: it brings one record of TLS, or one DATA frame of HTTP/2. */
	private final boolean inPieces;
	private @Nullable WebSocketConnection connection;
	/** What came in the same packet as the handshake; null after {@link #onOpen}. */
	private @Nullable ByteBuffer leftover;

	JettyTransport(EndPoint endPoint, Executor executor) {
		super(endPoint, executor);
		this.inPieces = !(endPoint.getTransport() instanceof SocketChannel);
		this.remoteAddress = inet(endPoint.getRemoteSocketAddress());
	}

	/** Says whose transport this is; called once, before Jetty knows it. */
	void carry(WebSocketConnection carried) {
		connection = carried;
	}

	final WebSocketConnection connection() {
		if (connection == null) {
			throw new IllegalStateException("No connection on this transport");
		}
		return connection;
	}

	// What Jetty calls.

	@Override
	public void onUpgradeTo(ByteBuffer buffer) {
		if (buffer != null && buffer.hasRemaining()) {
			leftover = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
		}
	}

	@Override
	public void onOpen() {
		super.onOpen();
		getEndPoint().setIdleTimeout(0); // the connection has its own deadlines
		connection().open();
		ByteBuffer early = leftover;
		leftover = null;
		if (early == null || connection().received(early)) {
			resume();
		}
	}

	@Override
	public void onFillable() {
		ByteBuffer buffer = BufferPool.acquire();
		try {
			if (fill(buffer)) {
				resume();
			}
		}
		finally {
			BufferPool.release(buffer);
		}
	}

	/** Reads until the socket is empty, the connection pauses, or the end. Returns whether to wait for more. */
	private boolean fill(ByteBuffer buffer) {
		try {
			while (true) {
				int count = read(buffer);
				if (count < 0) {
					connection().ended(null);
					return false;
				}
				if (count == 0) {
					return true;
				}
				if (!connection().received(buffer)) {
					return false;
				}
				if (count < buffer.capacity()) {
					return true; // a short read has emptied the endpoint: no need to ask again
				}
			}
		}
		catch (IOException e) {
			connection().ended(e);
			return false;
		}
	}

	/** Replaces the buffer's content by what is there. Returns how much that is, or -1 at the end. */
	private int read(ByteBuffer buffer) throws IOException {
		buffer.position(0).limit(0); // Jetty fills behind the limit
		int count = getEndPoint().fill(buffer);
		if (count <= 0) {
			return count;
		}
		while (inPieces && buffer.limit() < buffer.capacity() && getEndPoint().fill(buffer) > 0) {
			// one batch of all pieces; an end behind them is reported again by the next fill
		}
		return buffer.remaining();
	}

	@Override
	public void onClose(Throwable cause) {
		super.onClose(cause);
		connection().ended(cause);
	}

	/** Runs on the selector thread. */
	private final class Readable implements Callback {
		@Override
		public void succeeded() {
			onFillable();
		}

		@Override
		public void failed(Throwable cause) {
			connection().ended(cause);
		}

		@Override
		public InvocationType getInvocationType() {
			return InvocationType.NON_BLOCKING;
		}
	}

	/** Runs on the selector thread, or within {@link EndPoint#write} when that could finish at once. */
	private final class Written implements Callback {
		@Override
		public void succeeded() {
			connection().written();
		}

		@Override
		public void failed(Throwable cause) {
			connection().ended(cause);
		}

		@Override
		public InvocationType getInvocationType() {
			return InvocationType.NON_BLOCKING;
		}
	}

	// What the connection calls.

	@Override
	public boolean flush(ByteBuffer... buffers) throws IOException {
		return getEndPoint().flush(buffers);
	}

	@Override
	public void write(ByteBuffer... buffers) {
		getEndPoint().write(new Written(), buffers);
	}

	@Override
	public void resume() {
		getEndPoint().tryFillInterested(readable);
	}

	@Override
	public void shutdownOutput() {
		getEndPoint().shutdownOutput();
	}

	@Override
	public void close() {
		getEndPoint().close();
	}

	@Override
	public void reset() {
		EndPoint endPoint = getEndPoint() instanceof SslConnection.SslEndPoint ssl
				? ssl.getSslConnection().getEndPoint() : getEndPoint();
		if (endPoint.getTransport() instanceof SocketChannel channel) {
			try {
				channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			catch (IOException e) {
				// closed already: the close below has nothing left to do either
			}
		}
		endPoint.close();
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return inet(getEndPoint().getLocalSocketAddress());
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return remoteAddress;
	}

	private static @Nullable InetSocketAddress inet(@Nullable SocketAddress address) {
		return address instanceof InetSocketAddress inet ? inet : null;
	}
}
