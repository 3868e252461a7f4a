package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jetty.JettyWebServer;

/** What a WebSocket's endpoint assumes about Jetty, and what Jetty may expect of an endpoint that takes another one's place. */
class WebSocketEndPointTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Echo.class, "server.jetty.max-connections=2");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static ServerConnector connector() {
		return (ServerConnector) ((JettyWebServer) server.webServer()).getServer().getConnectors()[0];
	}

	/** What is attached to the sockets of the selectors. */
	private static List<Object> attached() throws Exception {
		List<Object> all = new ArrayList<>();
		for (ManagedSelector each : connector().getSelectorManager().getBeans(ManagedSelector.class)) {
			CompletableFuture<List<Object>> found = new CompletableFuture<>();
			each.submit(selector -> found.complete(selector.keys().stream().map(SelectionKey::attachment).toList()));
			all.addAll(found.get(1, TimeUnit.MINUTES));
		}
		return all;
	}

	/** A handshake with a tab in it goes through Jetty's HTTP connection, on another thread. */
	@ParameterizedTest
	@ValueSource(strings = { "X: plain", "X:\ttab" })
	void takesThePlaceOfTheHandshakesEndPoint(String header) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).upgrade("/ws", header)) {
			for (int i = 0; i < 3; i++) {
				client.send(RawFrame.text("echo " + i));
				assertThat(client.message().text()).isEqualTo("echo " + i);
			}
			assertThat(attached()).hasAtLeastOneElementOfType(WebSocketEndPoint.class)
					.doesNotHaveAnyElementsOfTypes(PushbackEndPoint.class);
			assertThat(connector().getConnectedEndPoints()).isEmpty();
		}
	}

	/** Jetty counts sockets, not endpoints. With a place lost, the next client would wait to be accepted. */
	@Test
	void givesThePlaceOfItsSocketBack() throws Exception {
		for (int i = 0; i < 6; i++) {
			try (RawClient client = RawClient.connect(server.port()).upgrade("/ws")) {
				client.send(RawFrame.text("here"));
				assertThat(client.message().text()).isEqualTo("here");
			}
		}
	}

	@Test
	void endsWithTheConnector() throws Exception {
		try (RunningHawser other = RunningHawser.start(Echo.class);
				RawClient client = RawClient.connect(other.port()).upgrade("/ws")) {
			client.send(RawFrame.text("here"));
			assertThat(client.message().text()).isEqualTo("here");
			((JettyWebServer) other.webServer()).getServer().getConnectors()[0].stop();
			assertThat(client.ended()).isTrue();
		}
	}
}
