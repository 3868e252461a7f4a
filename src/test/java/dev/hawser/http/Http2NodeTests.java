package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Echo;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Node's http2 module, which shares no code with the server, runs {@code src/test/node/http2.mjs}. */
class Http2NodeTests {
	@Test
	void conversesOverCleartext() throws Exception {
		converse("http://localhost:" + RunningHawser.shared(Echo.class).port());
	}

	@Test
	void conversesOverTls() throws Exception {
		CertificateChain certificates = CertificateChain.make();
		RunningHawser server = RunningHawser.shared(Echo.class, certificates.serverProperties());
		converse("https://localhost:" + server.port(), certificates.rootPem().toString());
	}

	private static void converse(String... arguments) throws Exception {
		assumeTrue(Program.onPath("node").isPresent(), "Node.js is not installed (program node): its http2 module is not tried");
		String[] command = Stream.concat(Stream.of("node", "src/test/node/http2.mjs"), Stream.of(arguments)).toArray(String[]::new);
		try (Program node = Program.start(Path.of("."), Map.of(), command)) {
			assertThat(node.exitCode()).as(node.output()).isZero();
		}
	}
}
