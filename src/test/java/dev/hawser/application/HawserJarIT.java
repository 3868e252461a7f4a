package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of the packaged server, from the URL in its start-up log to its exit code. */
class HawserJarIT {

	@Test
	void endsItsStartupLogWithAUrlThatWorks() throws Exception {
		try (HawserJar hawser = HawserJar.start(); RawClient client = hawser.connect()) {
			URI url = hawser.url();
			List<String> log = hawser.program().output().lines().toList();
			assertThat(log.getLast()).endsWith("Try it: npx wscat -c \"" + url + '"');
			assertThat(url.toString()).matches("ws://localhost:[1-9][0-9]*/ws\\?access_token=[\\w-]+\\.[\\w-]+\\.[\\w-]+");
			expectEcho(client);
			assertThat(client.send(RawFrame.binary((byte) 1, (byte) 2)).message().payload()).containsExactly(1, 2);
		}
	}

	private static void expectEcho(RawClient client) throws Exception {
		assertThat(client.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
	}

	/** The client does not answer the close frame yet, so that the test can look at the server while the server waits. */
	@Test
	void stopsInGoodOrderOnSigterm() throws Exception {
		try (HawserJar hawser = HawserJar.start("hawser.connection.close-timeout=60s", "hawser.drain.timeout=60s");
				RawClient client = hawser.connect()) {
			expectEcho(client);
			assertThat(hawser.operations("/actuator/health/readiness").status()).isEqualTo(200);
			assertThat(hawser.operations("/actuator/prometheus").body()).containsPattern("hawser_connections\\{.*} 1.0");

			hawser.program().terminate();
			assertThat(client.message().closeCode()).isEqualTo(1012);
			assertThat(hawser.operations("/actuator/health/readiness").status()).isEqualTo(503);
			assertThat(hawser.operations("/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(handshakeOfANewcomer(hawser).status()).isEqualTo(503);

			client.send(RawFrame.close(1012, ""));
			assertThat(client.ended()).isTrue();
			assertThat(hawser.program().exitCode()).isZero();
			assertThat(hawser.program().output()).contains("1 connections closed in good order, 0 dropped");
		}
	}

	private static RawClient.Response handshakeOfANewcomer(HawserJar hawser) throws Exception {
		URI url = hawser.url();
		try (RawClient newcomer = RawClient.connect(url.getPort())) {
			return newcomer.request(RawClient.handshake(url.getPath() + '?' + url.getQuery())).response();
		}
	}

	@Test
	void waitsForASilentClientOnlyUntilTheTimeout() throws Exception {
		try (HawserJar hawser = HawserJar.start("hawser.connection.close-timeout=60s", "hawser.drain.timeout=1s");
				RawClient mute = hawser.connect()) {
			expectEcho(mute);
			hawser.program().terminate();
			assertThat(mute.message().closeCode()).isEqualTo(1012);
			assertThat(hawser.program().exitCode()).isZero();
			assertThat(hawser.program().output()).contains("0 connections closed in good order, 1 dropped");
		}
	}
}
