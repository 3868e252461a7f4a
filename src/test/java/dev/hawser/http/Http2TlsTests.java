package dev.hawser.http;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.RunningHawser;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** WebSocket over HTTP/2 in TLS, chosen by ALPN. */
class Http2TlsTests extends Http2WebSocketContract {
	private @Nullable CertificateChain certificates;

	@Override
	RunningHawser start(Class<?> callbacks) throws Exception {
		CertificateChain made = CertificateChain.make();
		certificates = made;
		return RunningHawser.startSecure(callbacks, made.serverProperties("hawser.handshake.subprotocols=chat",
				"hawser.connection.close-timeout=10m", "hawser.connection.ping-interval=0s"));
	}

	@Override
	Http2Client connect(int port) throws Exception {
		return Http2Client.connect(port, Objects.requireNonNull(certificates).trustStore());
	}
}
