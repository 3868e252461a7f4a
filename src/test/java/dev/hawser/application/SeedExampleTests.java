package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.SeedExample;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/**
 * The example that the callback model comes from, as Java callbacks on a server with default settings: its handshake callback
 * alone decides, so no token is needed.
 */
@ReadsLog
class SeedExampleTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(SeedExample.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void firesHandshakeDeferredOpenMessageAndClose(CapturedOutput output) throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("hello"));
			assertThat(client.message().text()).isEqualTo("this is server");
			client.send(RawFrame.close(1000, ""));
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
		}
		Awaitility.await().untilAsserted(() -> assertThat(output.getOut()).containsSubsequence(
				RawClient.KEY, " has shaken hands", " sent: hello, opcode: 1, fin: true", "client ", " closed"));
	}

	@Test
	void answersWithTheHeadersOfTheExample() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			var response = client.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: chat")).response();
			assertThat(response.status()).isEqualTo(101);
			assertThat(response.header("Upgrade")).isEqualTo("websocket");
			assertThat(response.header("Connection")).isEqualTo("Upgrade");
			assertThat(response.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			assertThat(response.header("Sec-WebSocket-Version")).isEqualTo("13");
			assertThat(response.header("Sec-WebSocket-Protocol")).isEqualTo("chat");
		}
	}

	@Test
	void computesTheAcceptValueOfTheRfcsOwnExample() throws Exception {
		assertThat(SeedExample.accept(RawClient.KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	}

	@Test
	void answersOneOfSeveralSubprotocolsWhereTheExampleCopiesTheList() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			var response = client.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: chat, superchat")).response();
			assertThat(response.status()).isEqualTo(101);
			assertThat(response.header("Sec-WebSocket-Protocol")).isEqualTo("chat");
		}
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "turned away by the application, /ws?banned, dGhlIHNhbXBsZSBub25jZQ==",
			"key of 15 bytes, /ws, dGhlIHNhbXBsZSBub25j", "key that is no base64, /ws, dGhlIHNhbXBsZSBub25j*Q==",
			"key with bits after its end, /ws, dGhlIHNhbXBsZSBub25jZR==" })
	void endsTheConnectionThatItRejects(String label, String target, String key) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			var response = client.request("GET " + target + " HTTP/1.1", "Host: localhost", "Upgrade: websocket",
					"Connection: Upgrade", "Sec-WebSocket-Key: " + key, "Sec-WebSocket-Version: 13").response();
			assertThat(response.status()).isEqualTo(400);
			assertThat(response.header("Content-Length")).isEqualTo("0");
			assertThat(response.header("Connection")).isEqualTo("close");
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void standsInTheDocumentationAsItIsTestedHere() throws Exception {
		String source = Files.readString(Path.of("src/test/java/com/example/SeedExample.java"));
		String page = Files.readString(Path.of("docs/from-swoole.md"));
		assertThat(between(page, "<!-- example begins -->\n```java\n", "```\n<!-- example ends -->"))
				.isEqualTo(between(source, "// example begins\n", "// example ends"));
	}

	private static String between(String text, String begin, String end) {
		assertThat(text).contains(begin, end);
		int start = text.indexOf(begin) + begin.length();
		return text.substring(start, text.indexOf(end, start));
	}
}
