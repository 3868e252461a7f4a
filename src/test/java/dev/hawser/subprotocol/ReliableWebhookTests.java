package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a backend hears of a reliable client that goes away and comes back, and what of its token. */
class ReliableWebhookTests {
	private FakeBackend backend;
	private RunningHawser server;

	@BeforeEach
	void start() throws Exception {
		backend = new FakeBackend();
		server = RunningHawser.startSecure(NoCallbacks.class, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.reliable.window=3s");
	}

	@AfterEach
	void stop() throws Exception {
		server.close();
		backend.close();
	}

	@Test
	void hearsOfTheEndOnceAndOfNothingBefore() throws Exception {
		String connectionId;
		try (RawClient client = RawClient.connect(server.port())
				.upgrade("/client/hubs/default?access_token=" + RunningHawser.token(), ReliablePeer.PROTOCOL)) {
			JsonNode connected = JsonMapper.shared().readTree(client.message().text());
			connectionId = connected.path("connectionId").asString();
			assertThat(backend.event("connect").header("ce-id")).isEqualTo("0");
			assertThat(backend.event("connected").header("ce-connectionId")).isEqualTo(connectionId);
			WebSocketConnection connection = Objects.requireNonNull(server.bean(Connections.class).find(connectionId));
			client.socket().close();
			Awaitility.await().until(connection::isAway);
			try (RawClient again = RawClient.connect(server.port()).upgrade(
					ReliablePeer.target(connectionId, connected.path("reconnectionToken").asString()), ReliablePeer.PROTOCOL)) {
				server.bean(Clients.class).send(Target.connection(connectionId), Frame.text("back"));
				assertThat(again.message().text()).contains("\"sequenceId\":1", "back");
				assertThat(backend.untaken()).as("calls for the absence").isZero();
			}
		}
		FakeBackend.Call end = backend.event("disconnected");
		assertThat(end.header("ce-connectionId")).isEqualTo(connectionId);
		assertThat(end.header("ce-id")).isEqualTo("2");
		assertThat(JsonMapper.shared().readTree(end.body()).path("code").asInt()).isEqualTo(1006);
		assertThat(backend.untaken()).isZero();
	}
}
