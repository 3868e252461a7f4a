package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.Chromium;
import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
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
	private ReportingPage page;
	private RunningHawser server;

	@BeforeEach
	void start() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, NODE_MISSING);
		NodePackages.install(SOURCE, INSTALLED);
		FreePort port = FreePort.find();
		backend = Program.start(INSTALLED, Map.of(), "node", "azure.mjs", Integer.toString(port.number()));
		port.awaitListening(backend);
		page = new ReportingPage();
		server = RunningHawser.startSecure(NoCallbacks.class, "hawser.handshake.allowed-origins=" + page.origin(),
				"hawser.hubs.default.webhooks[0].url=http://127.0.0.1:" + port.number() + "/hawser/{event}",
				"hawser.hubs.default.webhooks[0].secrets[0]=a-secret-of-this-hub-alone");
	}

	@AfterEach
	void stop() {
		if (server != null) {
			server.close();
		}
		if (page != null) {
			page.close();
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
		assertThat(connects("refused")).isOne();
	}

	private long connects(String outcome) {
		return server.bean(MeterRegistry.class).get("hawser.webhooks").tag("event", "connect").tag("outcome", outcome).timer().count();
	}

	/** A browser does not show a page the status and the body of an answer to a handshake: RFC 6455 section 7.1.5, code 1006. */
	@Test
	void refusesConnectOfAPageInABrowser() throws Exception {
		assumeTrue(Chromium.IS_INSTALLED, Chromium.MISSING + ": what a page sees of a refused connect is not tried");
		assertThat(page.reportOf("""
				const seen = [];
				const veto = new WebSocket('%1$s');
				veto.onopen = () => seen.push('open');
				veto.onerror = () => seen.push('error');
				veto.onclose = ({ code, reason, wasClean }) => {
					seen.push(`${code} "${reason}" ${wasClean}`);
					const guest = new WebSocket('%2$s', ['chat.v2', 'chat.v1']);
					guest.onopen = () => guest.send('count');
					guest.onmessage = ({ data }) => {
						seen.push(guest.protocol, data);
						guest.close(4001, 'done');
					};
					guest.onclose = ({ code, reason, wasClean }) => {
						seen.push(`${code} "${reason}" ${wasClean}`);
						fetch('/report', { method: 'POST', body: seen.join('; ') });
					};
				};
				""".formatted(url("veto"), url("guest"))))
				.isEqualTo("error; 1006 \"\" false; chat.v1; message 1 of ann; 4001 \"done\" true");
		assertThat(connects("refused")).isOne();
		assertThat(connects("delivered")).isOne();
		assertThat(noted("disconnected").path("code").asInt()).isEqualTo(4001);
	}

	private String url(String as) {
		return "ws://localhost:" + server.port() + target(as);
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
