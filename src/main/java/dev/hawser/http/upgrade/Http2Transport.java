package dev.hawser.http.upgrade;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection on one stream of an HTTP/2 connection (RFC 8441 section 5.1): END_STREAM stands for TCP's FIN, RST_STREAM with
 * CANCEL for its RST. Other streams are not affected.
 */
final class Http2Transport extends JettyTransport {
	/** Time that the last frames may wait for the peer's flow control after everything else is done. */
	private static final long LAST_FRAMES_MILLIS = 5_000;

	private static final AtomicReferenceFieldUpdater<Http2Transport, ByteBuffer @Nullable []> GATHERED = AtomicReferenceFieldUpdater
			.newUpdater(Http2Transport.class, ByteBuffer[].class, "gathered");

	private final HTTP2Stream stream;
	private final StreamWrites writes;
	/** The thread that reads this stream while it reads the connection; only that thread asks for it. */
	private @Nullable Thread reader;
	/** The thread that opens the stream or reads on after callbacks, and does not read the connection. */
	private @Nullable Thread resumer;
	/** What is written together with the answers of other streams; null for nothing. */
	private volatile ByteBuffer @Nullable [] gathered;

	Http2Transport(EndPoint endPoint, @Nullable SocketAddress remote, StreamWrites writes) {
		super(endPoint, remote);
		this.stream = (HTTP2Stream) endPoint.getTransport();
		this.writes = writes;
	}

	@Override
	public void resume() {
		resumer = Thread.currentThread();
		try {
			super.resume();
		}
		finally {
			resumer = null;
		}
	}

	@Override
	public void succeeded() {
		if (resumer == Thread.currentThread()) {
			super.succeeded();
			return;
		}
		reader = Thread.currentThread();
		try {
			super.succeeded();
		}
		finally {
			reader = null;
			if (gathered != null) {
				writes.add(this); // here no lock is held: this may read the connection
			}
		}
	}

	/** Nothing: Jetty takes the bytes of a stream only in a write. */
	@Override
	public boolean flush(ByteBuffer... buffers) {
		return false;
	}

	/** Answers to what is being read are written together with those of the other streams. */
	@Override
	public void write(ByteBuffer... buffers) {
		if (reader == Thread.currentThread()) {
			gathered = buffers;
		}
		else {
			super.write(buffers);
		}
	}

	/** Writes what has been gathered, if that has not been done. */
	void writeGathered() {
		ByteBuffer[] buffers = GATHERED.getAndSet(this, null);
		if (buffers != null) {
			super.write(buffers);
		}
	}

	/** The end comes after what has been gathered. */
	@Override
	public void shutdownOutput() {
		writeGathered();
		super.shutdownOutput();
	}

	/**
	 * Also handles a reset that came before this connection was on the stream: Jetty has reported it to no one, or has only closed
	 * the endpoint.
	 */
	@Override
	public void onOpen() {
		resumer = Thread.currentThread();
		try {
			super.onOpen();
		}
		finally {
			resumer = null;
		}
		if (stream.isResetOrFailed()) {
			connection().ended(new EofException("reset"));
		}
	}

	/** The stream's frames come through the connection of all streams, which reads them from the socket. */
	@Override
	public boolean isQuiet() {
		return getEndPoint().isFillInterested() && isQuiet(stream.getSession().getEndPoint());
	}

	/**
	 * Jetty removes a stream when both sides have sent END_STREAM, or when it is reset. Closing only the endpoint would leave the
	 * stream in its connection for ever.
	 */
	@Override
	public void close() {
		if (stream.isClosed()) {
			super.close();
		}
		else if (stream.isRemotelyClosed()) {
			getEndPoint().setIdleTimeout(LAST_FRAMES_MILLIS);
			shutdownOutput();
		}
		else {
			reset();
		}
	}

	@Override
	public void reset() {
		if (!stream.isClosed()) {
			stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
		}
		getEndPoint().close();
	}
}
