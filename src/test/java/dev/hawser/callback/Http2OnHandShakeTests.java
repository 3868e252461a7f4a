package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;

/** What an {@link OnHandShake} sees of a handshake over HTTP/2, and what the client sees of its answers. */
class Http2OnHandShakeTests {
	private static RunningHawser server;

	static class Callbacks {

		/** Answers with the status that the query asks for, after the check that every port from Swoole makes. */
		@Bean
		OnHandShake decide() {
			return (request, response) -> {
				if (!request.hasValidKey()) {
					response.status(400).end("no key");
					return;
				}
				response.header("x-method", request.method()).header("upgrade", "websocket").header("connection", "upgrade");
				response.status(Integer.parseInt(request.query("status").orElse("101"))).end("in the callback's own words");
			};
		}

		@Bean
		OnMessage echo() {
			return (server, frame) -> server.push(frame.fd(), frame.text());
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class, "hawser.connection.compression.enabled=true");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void acceptsWith101AndTheClientSees200() throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream socket = client.webSocket("/ws?status=101");
			assertThat(socket.headers().get("x-method")).isEqualTo("CONNECT");
			assertThat(socket.headers().contains("upgrade")).isFalse();
			assertThat(socket.headers().contains("connection")).isFalse();
			assertThat(socket.send(RawFrame.text("hello")).frame().text()).isEqualTo("hello");
		}
	}

	@ParameterizedTest(name = "{0} is seen as {1}")
	@CsvSource({ "200, 403", "204, 403", "302, 302", "400, 400", "403, 403", "503, 503" })
	void refusesWithEveryOtherStatus(int answered, int seen) throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream refused = client.handshake("/ws?status=" + answered);
			assertThat(refused.status()).isEqualTo(seen);
			assertThat(refused.body()).isEqualTo("in the callback's own words");
		}
	}

	@Test
	void isNotAskedAboutAPlainRequest() throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream plain = client.request("GET", "/ws?status=302");
			assertThat(plain.status()).isEqualTo(405);
		}
	}

	@Test
	void agreesOnPermessageDeflate() throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream socket = client.webSocket("/ws", "sec-websocket-extensions", "permessage-deflate; client_max_window_bits");
			assertThat(socket.headers().get("sec-websocket-extensions")).startsWith("permessage-deflate");
			ReceivedFrame echo = socket.send(RawFrame.text("x".repeat(65_536))).frame();
			assertThat(echo.rsv()).isEqualTo(4);
			assertThat(echo.payload()).hasSizeLessThan(1024);
		}
	}
}
