package dev.hawser.http.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory.ProxyEndPoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first connection on a trusted proxy's socket. Reads the PROXY header, and passes the rest to the next protocol, with the
 * address in the header. Closes the socket if there is no valid header.
 */
final class ProxyHeaderConnection extends AbstractConnection implements Connection.UpgradeFrom {
	private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderConnection.class);

	/** TLS data without any details; a request counts as secure because it is not null. */
	private static final EndPoint.SslSessionData TLS = EndPoint.SslSessionData.from(null, null, null, null);

	private final Connector connector;
	private final ConnectionFactory next;
	/** Received bytes that are not used yet, from position to limit. */
	private final ByteBuffer in = ByteBuffer.allocate(ProxyHeader.LONGEST).limit(0);

	ProxyHeaderConnection(Connector connector, EndPoint socket, ConnectionFactory next) {
		super(socket, connector.getExecutor());
		this.connector = connector;
		this.next = next;
	}

	@Override
	public void onOpen() {
		super.onOpen();
		fillInterested();
	}

	@Override
	public void onFillable() {
		try {
			int count = getEndPoint().fill(in);
			while (count > 0) {
				ProxyHeader header = ProxyHeader.read(in);
				if (header != null) {
					goOn(header);
					return;
				}
				count = getEndPoint().fill(in);
			}
			if (count == 0) {
				fillInterested();
			}
			else {
				close();
			}
		}
		catch (IllegalArgumentException e) {
			LOG.debug("A trusted proxy at {} sent a bad PROXY header, {}; its connection is closed",
					getEndPoint().getRemoteSocketAddress(), e.getMessage());
			close();
		}
		catch (IOException e) {
			close();
		}
	}

	private void goOn(ProxyHeader header) {
		EndPoint socket = getEndPoint();
		EndPoint behind = new ProxyEndPoint(socket, header.server() == null ? socket.getLocalSocketAddress() : header.server(),
				header.client() == null ? socket.getRemoteSocketAddress() : header.client(), null, header.tls() ? TLS : null);
		behind.upgrade(next.newConnection(connector, behind));
	}

	@Override
	public @Nullable ByteBuffer onUpgradeFrom() {
		return in.hasRemaining() ? in : null;
	}
}
