package dev.hawser.http.upgrade;

import java.net.SocketAddress;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection on one stream of an HTTP/2 connection (RFC 8441 section 5.1): END_STREAM stands for TCP's FIN, RST_STREAM
 * with CANCEL for its RST. Other streams are not touched.
 */
final class Http2Transport extends JettyTransport {
	/** How long the last frames may wait for the peer's flow control once everything else is over. */
	private static final long LAST_FRAMES_MILLIS = 5_000;

	private final HTTP2Stream stream;

	Http2Transport(EndPoint endPoint, @Nullable SocketAddress remote) {
		super(endPoint, remote);
		this.stream = (HTTP2Stream) endPoint.getTransport();
	}

	/** A reset that came before Jetty had put this connection on the stream was told to nobody, or closed the endpoint only. */
	@Override
	public void onOpen() {
		super.onOpen();
		if (stream.isResetOrFailed()) {
			connection().ended(new EofException("reset"));
		}
	}

	/**
	 * Jetty forgets a stream when both sides have said END_STREAM, or when it is reset; closing the endpoint alone would
	 * leave it among its connection's streams for ever.
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
