package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.FreePort;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The unmodified Express middleware of Azure Web PubSub as the backend. What it answers, and what it writes down of each event, is in
 * {@code src/test/node/webhook/azure.mjs}.
 */
class AzureMiddlewareTests {
	static final Path SOURCE = Path.of("src/test/node/webhook");
	static final Path INSTALLED = Path.of("target/node-webhook");
	static final String NODE_MISSING = "Node.js is not installed (programs node and npm): its receivers of webhooks are not tried";

	private Program backend;
	private RunningHawser server;

	@BeforeEach
	void start() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, NODE_MISSING);
		NodePackages.install(SOURCE, INSTALLED);
		FreePort port = FreePort.find();
		backend = Program.start(INSTALLED, Map.of(), "node", "azure.mjs", Integer.toString(port.number()));
		port.awaitListening(backend);
		server = RunningHawser.startSecure(WebhookTests.None.class,
				"hawser.hubs.default.webhooks[0].url=http://127.0.0.1:" + port.number() + "/hawser/{event}",
				"hawser.hubs.default.webhooks[0].secrets[0]=a-secret-of-this-hub-alone");
	}

	@AfterEach
	void stop() {
		if (server != null) {
			server.close();
		}
		if (backend != null) {
			backend.close();
		}
	}

	private static String target(String as) {
		return "/ws?access_token=" + RunningHawser.token() + "&as=" + as;
	}

	private JsonNode noted(String event) throws InterruptedException {
		return JsonMapper.shared().readTree(backend.line("\"event\":\"" + event + '"'));
	}

	@Test
	void refusesConnect() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			RawClient.Response answer = client.request(RawClient.handshake(target("veto"))).response();
			assertThat(answer.status()).isEqualTo(401);
			assertThat(answer.body()).isEqualTo("pay first");
		}
		assertThat(server.bean(MeterRegistry.class).get("hawser.webhooks").tag("event", "connect").tag("outcome", "refused").timer()
				.count()).isOne();
	}

	@Test
	void readsConnectAndSetsTheUserGroupsRolesAndSubprotocol() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			RawClient.Response answer = client
					.request(RawClient.handshake(target("guest"), "Sec-WebSocket-Protocol: chat.v2, chat.v1", "User-Agent: tester"))
					.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo("chat.v1");
			JsonNode connect = noted("connect");
			assertThat(connect.path("userId").asString()).isEqualTo("developer");
			assertThat(connect.path("claims").path("sub").toString()).isEqualTo("[\"developer\"]");
			assertThat(connect.path("query").toString()).isEqualTo("{\"as\":[\"guest\"]}").isEqualTo(connect.path("queries").toString());
			assertThat(connect.path("agent").toString()).isEqualTo("[\"tester\"]");
			assertThat(connect.path("subprotocols").toString()).isEqualTo("[\"chat.v2\",\"chat.v1\"]");
			JsonNode connected = noted("connected");
			assertThat(connected.path("userId").asString()).isEqualTo("ann");
			assertThat(connected.path("states").toString()).isEqualTo("{\"count\":0}");
			WebSocketServer all = server.bean(WebSocketServer.class);
			long fd = all.members("default", "room-1").findFirst().orElseThrow();
			assertThat(all.roles(fd)).containsExactly("webpubsub.sendToGroup");
		}
	}

	@Test
	void keepsTheTokensUserWhenConnectIsAcceptedWithoutABody() throws Exception {
		try (RawClient _ = RawClient.connect(server.port()).upgrade(target("plain"))) {
			assertThat(noted("connected").path("userId").asString()).isEqualTo("developer");
		}
	}

	@Test
	void countsThreeMessagesInTheState() throws Exception {
		try (RawClient client = connect()) {
			for (int i = 1; i <= 3; i++) {
				ReceivedFrame reply = client.send(RawFrame.text("count")).message();
				assertThat(reply.opcode()).isEqualTo(1);
				assertThat(reply.text()).isEqualTo("message " + i + " of ann");
			}
			client.send(RawFrame.close(4001, "done"));
			JsonNode end = noted("disconnected");
			assertThat(end.path("userId").asString()).isEqualTo("ann");
			assertThat(end.path("states").toString()).isEqualTo("{\"count\":3}");
			assertThat(end.path("reason").asString()).isEqualTo("done");
			assertThat(end.path("code").asInt()).isEqualTo(4001);
			assertThat(end.path("wasClean").asBoolean()).isTrue();
			assertThat(end.path("initiator").asString()).isEqualTo("client");
		}
	}

	@Test
	void repliesWithBytesNothingAndJson() throws Exception {
		try (RawClient client = connect()) {
			ReceivedFrame bytes = client.send(RawFrame.binary(new byte[] { 0, 1, (byte) 0xFF })).message();
			assertThat(bytes.opcode()).isEqualTo(2);
			assertThat(bytes.payload()).containsExactly(0xFF, 1, 0);
			client.send(RawFrame.text("nothing"));
			ReceivedFrame json = client.send(RawFrame.text("json")).message();
			assertThat(json.opcode()).isEqualTo(1);
			assertThat(json.text()).as("no frame for the empty reply before it").isEqualTo("{\"a\":1}");
		}
	}

	@Test
	void closesWhenAMessageFails() throws Exception {
		try (RawClient client = connect()) {
			ReceivedFrame end = client.send(RawFrame.text("fail")).message();
			assertThat(end.opcode()).isEqualTo(8);
			assertThat(end.payload()).startsWith(1011 >> 8, 1011 & 0xFF);
			JsonNode disconnected = noted("disconnected");
			assertThat(disconnected.path("code").asInt()).isEqualTo(1011);
			assertThat(disconnected.path("initiator").asString()).isEqualTo("server");
		}
	}

	private RawClient connect() throws Exception {
		return RawClient.connect(server.port()).upgrade(target("guest"), "Sec-WebSocket-Protocol: chat.v1");
	}
}
