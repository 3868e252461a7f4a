package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSocket over HTTP/2 without TLS, on the port that serves HTTP/1.1 too. */
class Http2CleartextTests extends Http2WebSocketContract {

	@Override
	RunningHawser start(Class<?> callbacks) {
		return RunningHawser.startSecure(callbacks, "hawser.handshake.subprotocols=chat", "hawser.connection.close-timeout=10m",
				"hawser.connection.ping-interval=0s");
	}

	@Override
	Http2Client connect(int port) throws Exception {
		return Http2Client.connect(port);
	}

	@Test
	void leavesHttp11OnTheSamePortAsItIs() throws Exception {
		try (RawClient client = RawClient.connect(port()).upgrade("/ws", "Authorization: Bearer " + RunningHawser.token())) {
			assertThat(client.send(RawFrame.text("by HTTP/1.1")).message().text()).isEqualTo("by HTTP/1.1");
		}
		try (RawClient client = RawClient.connect(port()).request("GET /ws HTTP/1.1", "Host: localhost")) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(426);
			assertThat(response.header("Upgrade")).isEqualTo("websocket");
		}
	}

	@Test
	void prefersWebSocketToAnUpgradeToHttp2() throws Exception {
		String[] handshake = RawClient.handshake("/ws", "Authorization: Bearer " + RunningHawser.token());
		handshake[2] = "Upgrade: websocket, h2c";
		try (RawClient client = RawClient.connect(port()).request(handshake)) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(101);
			assertThat(response.header("Upgrade")).isEqualTo("websocket");
			assertThat(client.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
		}
	}

	/** Java's client asks for HTTP/2 with every first request; behind a proxy the switch would get past the proxy's rules. */
	@ParameterizedTest
	@EnumSource(names = { "HTTP_1_1", "HTTP_2" })
	void ignoresAnUpgradeToHttp2(HttpClient.Version version) throws Exception {
		HttpResponse<String> response = HttpClient.newHttpClient().send(
				HttpRequest.newBuilder(URI.create("http://localhost:" + port() + "/nothing")).version(version).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
		assertThat(response.statusCode()).isEqualTo(404);
	}

	@Test
	void refusesAnHttp11Connect() throws Exception {
		try (RawClient client = RawClient.connect(port()).request("CONNECT localhost:80 HTTP/1.1", "Host: localhost:80")) {
			assertThat(client.response().status()).isEqualTo(501);
		}
	}

	@Test
	void closesWith1012WhenItStops() throws Exception {
		RunningHawser stopping = RunningHawser.start(Echo.class);
		try (Http2Client client = Http2Client.connect(stopping.port())) {
			Http2Stream socket = client.webSocket("/ws");
			assertThat(socket.send(RawFrame.text("established")).frame().text()).isEqualTo("established");
			CompletableFuture<Void> stop = CompletableFuture.runAsync(stopping::close);
			assertThat(socket.frame().closeCode()).isEqualTo(1012);
			socket.sendLast(RawFrame.close(1012, ""));
			assertThat(socket.ended()).isTrue();
			stop.get(60, TimeUnit.SECONDS);
		}
		finally {
			stopping.close();
		}
	}
}
