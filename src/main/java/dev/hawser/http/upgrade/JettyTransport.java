package dev.hawser.http.upgrade;

import dev.hawser.connection.Transport;
import dev.hawser.connection.outbox.BufferPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a Jetty endpoint. Reading and writing are declared non-blocking, so that Jetty calls back on the thread that
 * found the socket ready, without a thread switch. A buffer is borrowed for each read and then returned: an idle connection has
 * none. The transport is itself the callback for bytes that can be read, since one object for each connection is less than two.
 */
class JettyTransport extends MinimalJettyConnection implements Connection.UpgradeTo, Transport, Callback {
	private static final AtomicReferenceFieldUpdater<JettyTransport, ReadState> READING = AtomicReferenceFieldUpdater
			.newUpdater(JettyTransport.class, ReadState.class, "reading");

	private volatile ReadState reading = ReadState.ON;
	/** Whether the latest read was short and has thus emptied the endpoint. Written before the bytes of the read are passed on. */
	private boolean drained;
	/** Both addresses are kept: OnClose may ask for them, and a closed socket no longer has them. */
	private final @Nullable InetSocketAddress remoteAddress;
	private final @Nullable InetSocketAddress localAddress;
	/** Whether one read may leave bytes behind, since it brings only one TLS record or one DATA frame of HTTP/2. */
	private final boolean inPieces;
	private @Nullable Receiver connection;
	/** Bytes that came in the same packet as the handshake; null after {@link #onOpen}. */
	private @Nullable ByteBuffer leftover;

	/** @param remote the client's address, which behind a proxy is not the peer of the endpoint */
	JettyTransport(EndPoint endPoint, @Nullable SocketAddress remote) {
		super(endPoint);
		this.inPieces = !(endPoint.getTransport() instanceof SocketChannel);
		this.remoteAddress = inet(remote);
		this.localAddress = inet(endPoint.getLocalSocketAddress());
	}

	/**
	 * Whether the connection wants more bytes. A plain socket is still watched while the connection is paused: if the connection
	 * resumes before more bytes come, as it usually does, no thread must be woken. TLS and HTTP/2 endpoints are not watched while
	 * paused, since watching them reads from the socket below.
	 */
	private enum ReadState {
		ON,
		/** Paused, and no more bytes have come. */
		PAUSED,
		/** Paused, more bytes have come, and the endpoint is not watched. */
		PAUSED_READY
	}

	@Override
	public void carry(Receiver receiver) {
		connection = receiver;
	}

	final Receiver connection() {
		if (connection == null) {
			throw new IllegalStateException("No connection on this transport");
		}
		return connection;
	}

	// What Jetty calls.

	@Override
	public void onUpgradeTo(@Nullable ByteBuffer buffer) {
		if (buffer != null && buffer.hasRemaining()) {
			leftover = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
		}
	}

	@Override
	public void onOpen() {
		getEndPoint().setIdleTimeout(0); // the connection has its own deadlines
		if (getEndPoint() instanceof PushbackEndPoint ofHandshake) {
			moveTo(ofHandshake.handOver(this));
		}
		connection().open();
		ByteBuffer early = leftover;
		leftover = null;
		if (early == null || handOn(early) || !inPieces) {
			watch();
		}
	}

	private void onFillable() {
		if (READING.compareAndSet(this, ReadState.PAUSED, ReadState.PAUSED_READY)) {
			return;
		}
		ByteBuffer buffer = BufferPool.acquire();
		try {
			if (fill(buffer)) {
				watch();
			}
		}
		finally {
			BufferPool.release(buffer);
		}
	}

	private void watch() {
		if (getEndPoint().isOpen()) {
			getEndPoint().tryFillInterested(this);
		}
	}

	/** Passes the bytes to the connection. Returns whether the connection wants more now; it may resume before this returns. */
	private boolean handOn(ByteBuffer bytes) {
		if (!inPieces) {
			reading = ReadState.PAUSED;
		}
		if (!connection().received(bytes)) {
			return false;
		}
		reading = ReadState.ON;
		return true;
	}

	/** Reads until the socket is empty or ended, or the connection pauses. Returns whether to watch for more. */
	private boolean fill(ByteBuffer buffer) {
		try {
			while (true) {
				int count = read(buffer);
				drained = count < buffer.capacity();
				if (count < 0) {
					connection().ended(null);
					return false;
				}
				if (count == 0) {
					return true;
				}
				if (!handOn(buffer)) {
					return !inPieces;
				}
				if (drained) {
					return true; // no need to read again
				}
			}
		}
		catch (IOException e) {
			connection().ended(e);
			return false;
		}
	}

	/** Fills the buffer with the bytes that are there. Returns their number, or -1 at the end of the socket. */
	private int read(ByteBuffer buffer) throws IOException {
		buffer.position(0).limit(0); // Jetty fills from the limit on
		int count = getEndPoint().fill(buffer);
		if (count <= 0) {
			return count;
		}
		while (inPieces && buffer.limit() < buffer.capacity() && getEndPoint().fill(buffer) > 0) {
			// all pieces form one batch; if the end comes after them, the next read reports it again
		}
		return buffer.remaining();
	}

	@Override
	public void onClose(@Nullable Throwable cause) {
		connection().ended(cause);
	}

	/** The socket has something to read. Runs on the selector thread. */
	@Override
	public void succeeded() {
		onFillable();
	}

	@Override
	public final void failed(Throwable cause) {
		// an end that comes after a message is reported only when the message has been answered
		if (!READING.compareAndSet(this, ReadState.PAUSED, ReadState.PAUSED_READY)) {
			connection().ended(cause);
		}
	}

	/** Blocking when a callback may hold up this thread: Jetty then lets another one take its place, see {@link WebSocketEndPoint}. */
	@Override
	public final InvocationType getInvocationType() {
		return getEndPoint() instanceof WebSocketEndPoint && connection().mayWait() ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING;
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
		StackReserve.require();
		return getEndPoint().flush(buffers);
	}

	@Override
	public void write(ByteBuffer... buffers) {
		StackReserve.require();
		getEndPoint().write(new Written(), buffers);
	}

	@Override
	public void resume() {
		if (inPieces || READING.getAndSet(this, ReadState.ON) == ReadState.PAUSED_READY) {
			watch();
		}
	}

	@Override
	public boolean isQuiet() {
		return isQuiet(getEndPoint());
	}

	/** Whether this endpoint waits for bytes, and the socket below it has none. */
	static boolean isQuiet(EndPoint endPoint) {
		return endPoint.isFillInterested() && !UnreadBytes.areIn(endPoint);
	}

	@Override
	public void shutdownOutput() {
		getEndPoint().shutdownOutput();
	}

	@Override
	public void finish() {
		if (!inPieces && drained && reading != ReadState.PAUSED_READY) { // that state would mean that more bytes have come
			close();
		}
		else {
			shutdownOutput();
		}
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
				// already closed: the close below then does nothing
			}
		}
		endPoint.close();
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return localAddress;
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return remoteAddress;
	}

	private static @Nullable InetSocketAddress inet(@Nullable SocketAddress address) {
		return address instanceof InetSocketAddress inet ? inet : null;
	}
}
