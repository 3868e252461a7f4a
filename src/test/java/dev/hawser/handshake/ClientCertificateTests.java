package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;

/** TLS in which the client shows a certificate, too. */
class ClientCertificateTests {
	private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();

	@TempDir
	private static Path folder;

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> SEEN.add(request.clientCertificate()
					.map(certificate -> certificate.subject() + " " + certificate.fingerprint()).orElse("none"));
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}
	}

	private static RunningHawser start(CertificateChain authority, String clientAuth) throws Exception {
		CertificateChain.Leaf own = authority.issue("CN=localhost");
		Path certificate = Files.writeString(folder.resolve("server.pem"), own.chainPem());
		Path key = Files.writeString(folder.resolve("server.key"), own.keyPem());
		String bundle = "spring.ssl.bundle.pem.web.";
		return RunningHawser.start(Callbacks.class, "server.ssl.bundle=web", "server.ssl.client-auth=" + clientAuth,
				bundle + "keystore.certificate=file:" + certificate, bundle + "keystore.private-key=file:" + key,
				bundle + "truststore.certificate=file:" + authority.rootPem());
	}

	private static RawClient connect(RunningHawser server, SSLContext tls) throws IOException {
		return RawClient.over(tls.getSocketFactory().createSocket("localhost", server.port())).upgrade("/ws");
	}

	private static String fingerprint(CertificateChain.Leaf leaf) throws Exception {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.certificate().getEncoded()));
	}

	@Test
	void tellsTheCallbackWhoTheClientIs() throws Exception {
		CertificateChain authority = CertificateChain.make();
		CertificateChain.Leaf alice = authority.issue("CN=alice, O=Example");
		try (RunningHawser server = start(authority, "want")) {
			try (RawClient _ = connect(server, alice.showing())) {
				assertThat(SEEN.poll(60, TimeUnit.SECONDS)).isEqualTo("CN=alice,O=Example " + fingerprint(alice));
			}
			try (RawClient _ = connect(server, authority.trusting())) {
				assertThat(SEEN.poll(60, TimeUnit.SECONDS)).isEqualTo("none");
			}
			try (Http2Client client = Http2Client.connect(server.port(), authority.trustStore(), alice.keyStore(),
					CertificateChain.PASSWORD)) {
				client.webSocket("/ws");
				assertThat(SEEN.poll(60, TimeUnit.SECONDS)).isEqualTo("CN=alice,O=Example " + fingerprint(alice));
			}
		}
	}

	@Test
	void refusesAClientWithoutACertificateWhereOneIsNeeded() throws Exception {
		CertificateChain authority = CertificateChain.make();
		try (RunningHawser server = start(authority, "need");
				RawClient _ = connect(server, authority.issue("CN=bob").showing())) {
			assertThat(SEEN.poll(60, TimeUnit.SECONDS)).startsWith("CN=bob ");
			assertThatThrownBy(() -> connect(server, authority.trusting()).close()).isInstanceOf(IOException.class);
		}
	}
}
