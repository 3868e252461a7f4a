package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RedisServerTests {
	@Test
	void keepsItsDataOverAKillOnlyWhenItIsDurable() throws Exception {
		try (RedisServer durable = RedisServer.startDurable(); RedisServer inMemory = RedisServer.start()) {
			for (RedisServer server : new RedisServer[] { durable, inMemory }) {
				server.cli("SET", "key", "a value");
				server.kill();
				server.startAgain();
			}
			assertThat(durable.cli("GET", "key")).isEqualTo("a value");
			assertThat(inMemory.cli("GET", "key")).isEmpty();
			durable.stop();
			durable.startEmpty();
			assertThat(durable.cli("DBSIZE")).isEqualTo("0");
		}
	}

	@Test
	void answersNothingWhileItIsPaused() throws Exception {
		try (RedisServer server = RedisServer.start(); Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			server.pause();
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			socket.setSoTimeout(50);
			assertThatThrownBy(() -> socket.getInputStream().read())
					.isInstanceOf(SocketTimeoutException.class);
			server.goOn();
			socket.setSoTimeout(60_000);
			assertThat(socket.getInputStream().readNBytes(7)).asString().isEqualTo("+PONG\r\n");
		}
	}

	@Test
	void letsUsersInByTls() throws Exception {
		try (RedisServer server = RedisServer.startWithTls(CertificateChain.make(), "user default off",
				"user hawser on >secret ~hawser:* +@all")) {
			assertThat(server.cli("--user", "hawser", "--pass", "secret", "--no-auth-warning", "SET", "hawser:a", "1")).isEqualTo("OK");
			assertThat(server.cli("--user", "hawser", "--pass", "secret", "--no-auth-warning", "SET", "other", "1"))
					.startsWith("NOPERM");
			assertThat(server.cli("PING")).startsWith("NOAUTH");
		}
	}
}
