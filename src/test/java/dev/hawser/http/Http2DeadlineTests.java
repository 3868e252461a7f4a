package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import org.eclipse.jetty.http2.ErrorCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which timeout ends a WebSocket over HTTP/2, and which does not. Pings are off, so only the timeouts can act. */
class Http2DeadlineTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Echo.class, "hawser.connection.ping-interval=0s", "hawser.connection.close-timeout=500ms",
				"server.jetty.connection-idle-timeout=4s");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void keepsAQuietWebSocketLongerThanTheIdleTimeoutOfConnections() throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream quiet = client.webSocket("/ws");
			for (int i = 0; i < 2; i++) {
				try (Http2Client witness = Http2Client.connect(server.port())) {
					witness.awaitEnd();
				}
			}
			assertThat(quiet.send(RawFrame.text("still here")).frame().text()).isEqualTo("still here");
			assertThat(client.hasEnded()).isFalse();
		}
	}

	@Test
	void closesAnIdleConnectionOnceItsWebSocketsAreOver() throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream closed = client.webSocket("/ws");
			Http2Stream reset = client.webSocket("/ws");
			Http2Stream unanswered = client.webSocket("/ws");
			closed.sendLast(RawFrame.close(1000, ""));
			assertThat(closed.frame().closeCode()).isEqualTo(1000);
			reset.reset();
			assertThat(unanswered.send(RawFrame.close(1000, "")).frame().closeCode()).isEqualTo(1000);
			client.awaitEnd();
		}
	}

	@Test
	void resetsAStreamWhoseClientDoesNotEndIt() throws Exception {
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream socket = client.webSocket("/ws").send(RawFrame.close(1000, ""));
			assertThat(socket.frame().closeCode()).isEqualTo(1000);
			assertThat(socket.ended()).isTrue();
			assertThat(socket.resetCode()).isEqualTo(ErrorCode.CANCEL_STREAM_ERROR.code);
		}
	}
}
