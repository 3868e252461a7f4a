package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.http.HttpMessageFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** CloudEvents' own libraries for Java and for Node read the events. */
class CloudEventsTests {
	private static final byte[] BYTES = { 0, (byte) 0xC3, 0x28 };

	private static RunningHawser serverFor(String url) {
		return RunningHawser.start(NoCallbacks.class, "hawser.hubs.default.webhooks[0].url=" + url,
				"hawser.hubs.default.webhooks[0].secrets[0]=a-secret-of-this-hub-alone");
	}

	/** Connects, says two things, and leaves. */
	private static void converse(RunningHawser server, boolean answers) throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("grüße"), RawFrame.binary(BYTES));
			if (answers) {
				assertThat(client.message().text()).isEqualTo("grüße");
				assertThat(client.message().opcode()).isEqualTo(2);
			}
			client.send(RawFrame.close(1000, "bye"));
			ReceivedFrame end = client.message();
			assertThat(end.opcode()).isEqualTo(8);
		}
	}

	@Test
	void areReadByTheLibraryForJava() throws Exception {
		try (FakeBackend backend = new FakeBackend(); RunningHawser server = serverFor(backend.url())) {
			backend.answer("connect", FakeBackend.json("{\"userId\":\"Zoë \\\"B\\\"\"}", "ce-connectionState", "c3RhdGU="));
			converse(server, false);
			CloudEvent connect = read(backend.event());
			assertThat(connect.getSpecVersion()).isEqualTo(SpecVersion.V1);
			assertThat(connect.getType()).isEqualTo("azure.webpubsub.sys.connect");
			assertThat(connect.getId()).isEqualTo("0");
			assertThat(connect.getSource().toString()).isEqualTo("/hubs/default/client/" + connect.getExtension("connectionid"));
			assertThat(connect.getTime()).isNotNull();
			assertThat(connect.getDataContentType()).isEqualTo("application/json");
			assertThat(connect.getExtension("hub")).isEqualTo("default");
			assertThat(connect.getExtension("eventname")).isEqualTo("connect");
			assertThat(connect.getExtension("signature")).asString().startsWith("sha256=");
			CloudEvent connected = read(backend.event());
			assertThat(connected.getType()).isEqualTo("azure.webpubsub.sys.connected");
			assertThat(connected.getExtension("userid")).as("as sent, since the library does not decode").isEqualTo("Zo%C3%AB%20%22B%22");
			assertThat(connected.getExtension("connectionstate")).isEqualTo("c3RhdGU=");
			CloudEvent text = read(backend.event());
			assertThat(text.getType()).isEqualTo("azure.webpubsub.user.message");
			assertThat(text.getDataContentType()).isEqualTo("text/plain");
			assertThat(new String(data(text), StandardCharsets.UTF_8)).isEqualTo("grüße");
			CloudEvent binary = read(backend.event());
			assertThat(binary.getDataContentType()).isEqualTo("application/octet-stream");
			assertThat(data(binary)).isEqualTo(BYTES);
			CloudEvent disconnected = read(backend.event());
			assertThat(disconnected.getType()).isEqualTo("azure.webpubsub.sys.disconnected");
			assertThat(disconnected.getId()).isEqualTo("4");
			assertThat(JsonMapper.shared().readTree(data(disconnected)).path("reason").asString()).isEqualTo("bye");
		}
	}

	private static CloudEvent read(FakeBackend.Call call) {
		return HttpMessageFactory.createReader(header -> call.headers().forEach((name, values) -> values.forEach(
				value -> header.accept(name, value))), call.body()).toEvent();
	}

	private static byte[] data(CloudEvent event) {
		return Objects.requireNonNull(event.getData()).toBytes();
	}

	@Test
	void areReadByThePackageForNode() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, AzureMiddlewareTests.NODE_MISSING);
		NodePackages.install(AzureMiddlewareTests.SOURCE, AzureMiddlewareTests.INSTALLED);
		FreePort port = FreePort.find();
		try (Program backend = Program.start(AzureMiddlewareTests.INSTALLED, Map.of(), "node", "cloudevents.mjs",
				Integer.toString(port.number()))) {
			port.awaitListening(backend);
			try (RunningHawser server = serverFor("http://127.0.0.1:" + port.number() + "/{event}")) {
				converse(server, true);
				backend.line("azure.webpubsub.sys.disconnected");
			}
			List<JsonNode> events = backend.output().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
			assertThat(events).extracting(event -> event.path("type").asString()).containsExactly("azure.webpubsub.sys.connect",
					"azure.webpubsub.sys.connected", "azure.webpubsub.user.message", "azure.webpubsub.user.message",
					"azure.webpubsub.sys.disconnected");
			assertThat(events).extracting(event -> event.path("id").asString()).containsExactly("0", "1", "2", "3", "4");
			JsonNode connect = events.getFirst();
			assertThat(connect.path("specversion").asString()).isEqualTo("1.0");
			assertThat(connect.path("source").asString()).isEqualTo("/hubs/default/client/" + connect.path("connectionid").asString());
			assertThat(connect.path("data").path("subprotocols").isArray()).isTrue();
			assertThat(events.get(2).path("data").asString()).isEqualTo("grüße");
			assertThat(events.get(3).path("data").asString()).isEqualTo("00c328");
			assertThat(events.getLast().path("data").path("reason").asString()).isEqualTo("bye");
		}
	}
}
