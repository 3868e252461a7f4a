package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.SharedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The backend of ten lines in docs/webhooks.md runs, and requests look as that page shows them. */
class DocumentedWebhookTests {
	private static final Page PAGE = Page.read("docs/webhooks.md");
	/** Of any request. */
	private static final Set<String> OF_HTTP = Set.of("accept-encoding", "connection", "content-length", "host", "user-agent", "accept",
			"http2-settings", "upgrade", "date");

	@TempDir
	private Path folder;

	@Test
	void callsABackendOfTenLines() throws Exception {
		Shell.needs("python3", "bash", "curl");
		FreePort port = FreePort.find();
		String number = Integer.toString(port.number());
		Files.writeString(folder.resolve("backend.py"), PAGE.block("HTTPServer").replace("8080", number));
		try (Program backend = Program.start(folder, Map.of(), "python3", "backend.py")) {
			port.awaitListening(backend);
			String[] properties = PAGE.blocks().stream().map(Page.Block::code).filter(code -> code.startsWith("java -jar"))
					.flatMap(code -> Shell.properties(code.replace("8080", number)).stream()).distinct().toArray(String[]::new);
			assertThat(properties).as("both commands are the same").hasSize(1);
			try (RunningHawser server = RunningHawser.start(NoCallbacks.class, properties);
					RawClient client = RawClient.connect(server.port()).upgrade("/ws")) {
				assertThat(client.send(RawFrame.text("hello")).message().text()).isEqualTo("you said: hello");
			}
			assertThat(Shell.run(folder, Map.of(), PAGE.block("curl -i").replace("8080", number))).contains(" 200 ", "you said: hello");
		}
	}

	@Test
	void sendsWhatThePageShows() throws Exception {
		try (FakeBackend backend = FakeBackend.start();
				RunningHawser server = RunningHawser.startSecure(NoCallbacks.class, "hawser.hubs.chat.path=/chat",
						"hawser.hubs.chat.handshake.subprotocols=chat.v1", "hawser.hubs.chat.webhooks[0].url=" + backend.url(),
						"hawser.hubs.chat.webhooks[0].secrets=first-secret-of-this-hub-0123456789,second-secret-of-this-hub-0123456789")) {
			backend.answer("connect", FakeBackend.status(204, "ce-connectionState", "eyJ1IjoxfQ==", "Set-Cookie", "node=b7"));
			String token = SharedKey.of(RunningHawser.SECRET, Duration.ZERO).sign(Map.of("sub", "alice", "aud", "hawser"),
					Duration.ofMinutes(10));
			try (RawClient client = RawClient.connect(server.port()).upgrade("/chat?room=1", "Authorization: Bearer " + token,
					"Sec-WebSocket-Protocol: chat.v1", "Cookie: theme=dark")) {
				Call connect = backend.event("connect");
				assertThat(names(connect.text())).isEqualTo(names(PAGE.block("\"clientCertificates\"")));
				client.send(RawFrame.text("hello"));
				assertThat(headers(backend.event("message"))).isEqualTo(headers(PAGE.block("POST /hawser/message")));
				client.send(RawFrame.close(1000, ""));
			}
			assertThat(names(backend.event("disconnected").text())).isEqualTo(names(PAGE.block("\"wasClean\"")));
			assertThat(headers(backend.check())).isEqualTo(headers(PAGE.block("OPTIONS /hawser").split("\n\n", -1)[0]));
		}
	}

	private static Set<String> names(String json) {
		JsonNode body = JsonMapper.shared().readTree(json);
		return new TreeSet<>(body.propertyNames());
	}

	private static Set<String> headers(Call call) {
		return without(call.headers().keySet().stream().toList());
	}

	private static Set<String> headers(String request) {
		return without(request.split("\n\n", -1)[0].lines().skip(1).map(line -> line.split(":", -1)[0]).toList());
	}

	private static Set<String> without(List<String> names) {
		return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).filter(name -> !OF_HTTP.contains(name))
				.collect(Collectors.toCollection(TreeSet::new));
	}
}
