package dev.hawser.webhook;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.client.transport.internal.HttpChannelOverHTTP2;
import org.eclipse.jetty.http2.client.transport.internal.HttpConnectionOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;

/** HTTP/2 to backends, by ALPN in TLS, and without a question in cleartext. */
final class Http2Transport extends HttpClientTransportOverHTTP2 {

	private Http2Transport(HTTP2Client client) {
		super(client);
	}

	static Http2Transport over(ClientConnector connector) {
		HTTP2Client client = new HTTP2Client(connector);
		client.addEventListener(new Http2Answers());
		return new Http2Transport(client);
	}

	@Override
	protected Connection newConnection(Destination destination, Session session, HTTP2Connection connection) {
		return new OfBackend(destination, session, connection);
	}

	private static final class OfBackend extends HttpConnectionOverHTTP2 {
		private final int mostCalls;

		OfBackend(Destination destination, Session session, HTTP2Connection connection) {
			super(destination, session, connection);
			mostCalls = BackendClient.pool(destination).mostCallsOnOneConnection();
			// otherwise a late frame of one stream could be taken for the answer to the next call that has its channel
			setRecycleHttpChannels(false);
		}

		@Override
		public int getMaxMultiplex() {
			return Math.min(super.getMaxMultiplex(), mostCalls);
		}

		@Override
		protected HttpChannelOverHTTP2 newHttpChannel() {
			return new HttpChannelOverHTTP2(this, getSession()) {
				@Override
				public void setStream(Stream stream) {
					super.setStream(stream);
					if (stream != null) {
						Http2Answers.expect(stream, getHttpExchange());
					}
				}
			};
		}
	}
}
