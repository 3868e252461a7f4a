package dev.hawser.http.upgrade;

import java.net.SocketAddress;
import java.nio.channels.ReadPendingException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** An endpoint with one connection for ever, and nothing else. Jetty's {@code AbstractEndPoint} has an idle timeout, and callbacks that change. */
abstract class MinimalEndPoint implements EndPoint {
	private final JettyTransport webSocket;

	MinimalEndPoint(JettyTransport webSocket) {
		this.webSocket = webSocket;
	}

	@Override
	public final JettyTransport getConnection() {
		return webSocket;
	}

	@Override
	public final void setConnection(Connection connection) {
		throw new UnsupportedOperationException("No other protocol follows a WebSocket");
	}

	@Override
	public final void upgrade(Connection connection) {
		setConnection(connection);
	}

	@Override
	public final @Nullable SocketAddress getLocalSocketAddress() {
		return webSocket.localAddress();
	}

	@Override
	public final @Nullable SocketAddress getRemoteSocketAddress() {
		return webSocket.remoteAddress();
	}

	@Override
	public final void fillInterested(Callback callback) {
		if (!tryFillInterested(callback)) {
			throw new ReadPendingException();
		}
	}

	/** Not kept. */
	@Override
	public final long getCreatedTimeStamp() {
		return 0;
	}

	/** None: a WebSocket has its own deadlines. */
	@Override
	public final long getIdleTimeout() {
		return 0;
	}

	@Override
	public final void setIdleTimeout(long idleTimeout) {
	}

	@Override
	public final void onOpen() {
	}

	@Override
	public final void onClose(Throwable cause) {
	}
}
