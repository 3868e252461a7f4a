package dev.hawser.http.upgrade;

import java.util.EventListener;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * A Jetty connection with its endpoint and nothing else. Jetty's {@code AbstractConnection} has listeners, an executor and a
 * callback for each connection, which Hawser does not use.
 */
abstract class MinimalJettyConnection implements Connection {
	private static final int NOT_COUNTED = -1;

	private EndPoint endPoint;

	MinimalJettyConnection(EndPoint endPoint) {
		this.endPoint = endPoint;
	}

	/** From now on this is the endpoint. Called before other threads know the connection. */
	final void moveTo(EndPoint other) {
		endPoint = other;
	}

	@Override
	public final EndPoint getEndPoint() {
		return endPoint;
	}

	@Override
	public void close() {
		endPoint.close();
	}

	/** True: the endpoint closes itself when it has an idle timeout that expires. */
	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return true;
	}

	/** Jetty adds listeners only to connections from its own factories; this is not one. */
	@Override
	public void addEventListener(EventListener listener) {
		throw new UnsupportedOperationException("Use a ConnectionObserver for WebSockets");
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
