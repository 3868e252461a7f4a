package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Echo;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** New certificates in the files of an SSL bundle, while clients are connected. */
@ReadsLog
class CertificateReloadTests {

	@TempDir
	private static Path folder;
	private static CertificateChain authority;
	private static CertificateChain.Leaf current;
	private static RunningHawser server;

	@BeforeAll
	static void start() throws Exception {
		authority = CertificateChain.make();
		current = authority.issue("CN=localhost");
		replace("server.pem", current.chainPem());
		replace("server.key", current.keyPem());
		server = RunningHawser.start(Echo.class, "server.ssl.bundle=web", "spring.ssl.bundle.pem.web.reload-on-update=true",
				"spring.ssl.bundle.pem.web.keystore.certificate=file:" + folder.resolve("server.pem"),
				"spring.ssl.bundle.pem.web.keystore.private-key=file:" + folder.resolve("server.key"),
				"spring.ssl.bundle.watch.file.quiet-period=200ms");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static void replace(String file, String content) throws IOException {
		Path next = Files.writeString(folder.resolve(file + ".next"), content);
		Files.move(next, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static RawClient connect() throws Exception {
		return RawClient.over(authority.trusting().getSocketFactory().createSocket("localhost", server.port())).upgrade("/ws");
	}

	private static Certificate shownTo(RawClient client) throws Exception {
		return ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
	}

	private static Certificate shownNow() throws Exception {
		try (RawClient client = connect()) {
			return shownTo(client);
		}
	}

	@BeforeEach
	void beginWithAGoodOne() throws Exception {
		current = authority.issue("CN=localhost");
		replace("server.key", current.keyPem());
		replace("server.pem", current.chainPem());
		awaitShown(current);
	}

	private static void awaitShown(CertificateChain.Leaf leaf) {
		await().ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> assertThat(shownNow()).isEqualTo(leaf.certificate()));
	}

	@Test
	void showsNewConnectionsTheNewCertificateAndLeavesTheOldOnes(CapturedOutput log) throws Exception {
		try (RawClient old = connect(); Http2Client oldHttp2 = Http2Client.connect(server.port(), authority.trustStore())) {
			Http2Stream oldStream = oldHttp2.webSocket("/ws");
			CertificateChain.Leaf next = authority.issue("CN=localhost");
			replace("server.key", next.keyPem());
			replace("server.pem", next.chainPem());
			awaitShown(next);

			assertThat(shownTo(old)).isEqualTo(current.certificate());
			assertThat(old.send(RawFrame.text("still here")).message().text()).isEqualTo("still here");
			assertThat(oldStream.send(RawFrame.text("here too")).frame().text()).isEqualTo("here too");
			assertThat(oldHttp2.webSocket("/ws").send(RawFrame.text("a new stream")).frame().text()).isEqualTo("a new stream");
			try (RawClient young = connect()) {
				assertThat(young.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
			}
			assertThat(log).contains("SSL bundle 'web' has changed: new connections get the new certificate");
		}
	}

	private static void staysInUse(CapturedOutput log, String reason) throws Exception {
		await().untilAsserted(() -> assertThat(log).contains(reason));
		assertThat(shownNow()).isEqualTo(current.certificate());
		assertThat(log).doesNotContain("PRIVATE KEY");
	}

	@Test
	void keepsTheOldOneWhenTheFileIsGarbage(CapturedOutput log) throws Exception {
		replace("server.pem", "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n");
		staysInUse(log, "Unexpected SSL reload error");
	}

	@Test
	void keepsTheOldOneWhenTheKeyIsAnother(CapturedOutput log) throws Exception {
		replace("server.pem", authority.issue("CN=localhost").chainPem());
		staysInUse(log, "cannot be used, the old certificate stays in use: its key is not the key of its certificate");
	}

	@Test
	void keepsTheOldOneWhenTheNewHasExpired(CapturedOutput log) throws Exception {
		CertificateChain.Leaf expired = authority.issueExpired("CN=localhost");
		replace("server.key", expired.keyPem());
		replace("server.pem", expired.chainPem());
		staysInUse(log, "cannot be used, the old certificate stays in use: NotAfter");
	}
}
