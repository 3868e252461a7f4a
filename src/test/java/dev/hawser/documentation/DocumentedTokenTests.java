package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Parrot;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in docs/tokens.md: a key pair and a token by openssl, a client with it, and the call that keeps the client connected. */
class DocumentedTokenTests {
	private static final Page PAGE = Page.read("docs/tokens.md");

	@TempDir
	private Path folder;

	@Test
	void letAClientInAndKeepItConnected() throws Exception {
		Shell.needs("bash", "openssl", "curl");
		String block = PAGE.block("openssl genpkey");
		int start = block.indexOf("java -jar");
		Shell.run(folder, Map.of(), block.substring(0, start));
		List<String> properties = Shell.properties(block.substring(start)).stream()
				.map(one -> one.replace("public.pem", folder.resolve("public.pem").toString())).toList();
		assertThat(properties).hasSize(2);
		try (RunningHawser server = RunningHawser.startAsConfigured(Parrot.class, properties.toArray(String[]::new))) {
			String wscat = PAGE.block("npx wscat");
			String path = wscat.substring(wscat.indexOf("/ws"), wscat.indexOf("$(cat token)")) + Files.readString(folder.resolve("token"));
			try (RawClient client = RawClient.connect(server.port())) {
				String id = Objects.requireNonNull(client.request(RawClient.handshake(path)).response().header("Hawser-Connection-Id"));
				assertThat(client.send(RawFrame.text("who am I")).message().text()).isEqualTo("alice");
				String[] renewal = PAGE.block("curl -X POST").split(" +# ", -1);
				assertThat(Shell.run(folder, Map.of("ID", id), renewal[0].replace("9501", Integer.toString(server.port()))))
						.isEqualTo(renewal[1].strip());
			}
		}
	}
}
