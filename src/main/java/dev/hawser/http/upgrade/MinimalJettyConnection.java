package dev.hawser.http.upgrade;

import java.util.EventListener;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * A Jetty connection that has its endpoint and nothing else: Jetty's {@code AbstractConnection} brings listeners, an executor
 * and a callback, again for each connection, of which Hawser uses none.
 */
abstract class MinimalJettyConnection implements Connection {
	private static final int NOT_COUNTED = -1;

	private final EndPoint endPoint;

	MinimalJettyConnection(EndPoint endPoint) {
		this.endPoint = endPoint;
	}

	@Override
	public final EndPoint getEndPoint() {
		return endPoint;
	}

	@Override
	public void close() {
		endPoint.close();
	}

	/** True: the endpoint closes itself when its idle timeout, where it has one, is over. */
	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return true;
	}

	/** Jetty adds its own to the connections that its factories make, which this is none of. */
	@Override
	public void addEventListener(EventListener listener) {
		throw new UnsupportedOperationException("A WebSocket is told of by ConnectionObserver");
	}

	@Override
	public void removeEventListener(EventListener listener) {
		// there is none
	}

	@Override
	public long getMessagesIn() {
		return NOT_COUNTED;
	}

	@Override
	public long getMessagesOut() {
		return NOT_COUNTED;
	}

	@Override
	public long getBytesIn() {
		return NOT_COUNTED;
	}

	@Override
	public long getBytesOut() {
		return NOT_COUNTED;
	}

	@Override
	public long getCreatedTimeStamp() {
		return endPoint.getCreatedTimeStamp();
	}
}
