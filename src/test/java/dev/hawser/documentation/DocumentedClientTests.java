package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.Echo;
import dev.hawser.testing.Program;

import dev.hawser.testing.RunningHawser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client in docs/clients.md that connects again, and the page's way to ask why a handshake is refused. */
class DocumentedClientTests {
	private static final Page PAGE = Page.read("docs/clients.md");

	@TempDir
	private Path folder;

	/** 1012 brings it back, 4403 does not, and then nothing keeps the program alive. */
	@Test
	void connectsAgainUnlessThatIsInVain() throws Exception {
		Shell.needs("node");
		try (RunningHawser server = RunningHawser.start(Echo.class)) {
			Files.writeString(folder.resolve("client.mjs"), PAGE.block("// connect.js") + """
					let urls = 0;
					connect(() => (console.log('connection ' + ++urls), process.argv[2]), (data) => console.log('heard ' + data));
					""");
			try (Program client = Program.start(folder, Map.of(), "node", "--experimental-websocket", "client.mjs", server.url())) {
				WebSocketServer all = server.bean(WebSocketServer.class);
				long first = connection(all, 0, client);
				all.push(first, "Hello");
				client.line("heard Hello");
				all.disconnect(first, 1012, "service restart");
				long second = connection(all, first, client);
				client.line("connection 2");
				all.disconnect(second, 4403, "revoked");
				assertThat(client.exitCode()).as(client.output()).isZero();
				assertThat(client.output()).doesNotContain("connection 3");
			}
		}
	}

	private static long connection(WebSocketServer all, long after, Program client) {
		await().failFast(client::hasEnded).until(() -> all.connections().anyMatch(fd -> fd > after && all.isEstablished(fd)));
		return all.connections().filter(fd -> fd > after).findFirst().orElseThrow();
	}

	@Test
	void saysToAProgramWhyAHandshakeIsRefused() throws Exception {
		Shell.needs("bash", "curl");
		String command = Stream.of(PAGE.text().split("`", -1)).filter(code -> code.startsWith("curl -i")).findFirst().orElseThrow();
		try (RunningHawser server = RunningHawser.startSecure(Echo.class)) {
			assertThat(Shell.run(folder, Map.of(), "command " + command.replace("9501", Integer.toString(server.port()))))
					.contains("HTTP/1.1 401 ", "\"reason\":\"token-missing\"");
		}
	}
}
