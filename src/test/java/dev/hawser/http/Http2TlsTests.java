package dev.hawser.http;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.RunningHawser;

/** WebSocket over HTTP/2 in TLS, chosen by ALPN. */
class Http2TlsTests extends Http2WebSocketContract {
	private CertificateChain certificates;

	@Override
	RunningHawser start(Class<?> callbacks) throws Exception {
		certificates = CertificateChain.make();
		return RunningHawser.startSecure(callbacks, certificates.serverProperties("hawser.handshake.subprotocols=chat",
				"hawser.connection.close-timeout=10m", "hawser.connection.ping-interval=0s"));
	}

	@Override
	Http2Client connect(int port) throws Exception {
		return Http2Client.connect(port, certificates.trustStore());
	}
}
