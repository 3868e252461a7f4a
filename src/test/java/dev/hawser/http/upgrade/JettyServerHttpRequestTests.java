package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JettyServerHttpRequestTests {
	private static final Upgradable NOT_ASKED = new Upgradable() {
		@Override
		public boolean isStream() {
			return false;
		}

		@Override
		public JettyTransport newTransport() {
			throw new IllegalStateException("No handshake has succeeded");
		}

		@Override
		public void become(@Nullable JettyTransport transport) {
		}
	};

	private static @Nullable JettyServerHttpRequest request(@Nullable SocketAddress client) {
		return JettyServerHttpRequest.of("http://localhost/ws", HttpFields.EMPTY, client, new ByteArrayEndPoint(), NOT_ASKED);
	}

	@Test
	void knowsItsClient() {
		InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
		assertThat(request(client)).isNotNull().extracting(JettyServerHttpRequest::getRemoteAddress).isEqualTo(client);
	}

	/** Jetty has no remote address for a socket that is closed, but every callback relies on one. */
	@Test
	void isNullOnceTheClientHasGone() {
		assertThat(request(null)).isNull();
	}
}
