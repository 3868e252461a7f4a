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
 * A connection on one stream of an HTTP/2 connection (RFC 8441 section 5.1): END_STREAM stands for TCP's FIN, RST_STREAM with
 * CANCEL for its RST. Other streams are not affected.
 */
final class Http2Transport extends JettyTransport {
	/** Time that the last frames may wait for the peer's flow control after everything else is done. */
	private static final long LAST_FRAMES_MILLIS = 5_000;

	private final HTTP2Stream stream;

	Http2Transport(EndPoint endPoint, @Nullable SocketAddress remote) {
		super(endPoint, remote);
		this.stream = (HTTP2Stream) endPoint.getTransport();
	}

	/**
	 * Also handles a reset that came before this connection was on the stream: Jetty has reported it to no one, or has only closed
	 * the endpoint.
	 */
	@Override
	public void onOpen() {
		super.onOpen();
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
