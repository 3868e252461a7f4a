package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands and the configuration in docs/network.md: TLS with a certificate of the reader's own, both versions of HTTP. */
class DocumentedNetworkTests {
	private static final Page PAGE = Page.read("docs/network.md");

	@TempDir
	private Path folder;

	@Test
	void speaksTlsWithACertificateOfTheReadersOwn() throws Exception {
		Shell.needs("bash", "curl");
		String block = PAGE.block("keytool");
		int start = block.indexOf("java -jar");
		Shell.run(folder, Map.of(), block.substring(0, start));
		List<String> properties = new ArrayList<>(Shell.properties(block.substring(start)));
		assertThat(properties).contains("server.port=9443", "server.ssl.key-store=file:hawser.p12");
		properties.replaceAll(one -> one.replace("file:hawser", "file:" + folder.resolve("hawser")).replace("9443", "0"));
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new))) {
			for (String command : PAGE.block("curl --cacert").lines().toList()) {
				String[] parts = command.split(" +# ", -1);
				String asked = parts[0].replace("9443", Integer.toString(server.port())).replace("curl ", "command curl -sS ");
				assertThat(Shell.run(folder, Map.of(), asked)).isEqualTo(parts[1].strip());
			}
		}
	}

	/** The certificates of the page's configuration, and a client that shows one. */
	@Test
	void takesCertificatesFromPemFiles() throws Exception {
		CertificateChain chain = CertificateChain.make();
		CertificateChain.Leaf leaf = chain.issue("CN=localhost");
		Files.writeString(folder.resolve("tls.crt"), leaf.chainPem());
		Files.writeString(folder.resolve("tls.key"), leaf.keyPem());
		Files.copy(chain.rootPem(), folder.resolve("ca.crt"));
		Path file = Files.writeString(folder.resolve("tls.yaml"), PAGE.block("server.ssl:").replace("/etc/tls", folder.toString()));
		Shell.needs("bash", "curl");
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "spring.config.additional-location=file:" + file)) {
			for (String identity : List.of("", " --cert tls.crt --key tls.key")) {
				assertThat(Shell.run(folder, Map.of(), "command curl -sS --cacert ca.crt" + identity
						+ " -o /dev/null -w '%{http_version} %{http_code}' https://localhost:" + server.port() + "/nothing"))
						.isEqualTo("2 404");
			}
		}
	}

	@Test
	void runsTwoWebSocketsOnOneConnection() throws Exception {
		Shell.needs("bash", "node");
		String start = Stream.of(PAGE.text().split("`", -1)).filter(code -> code.startsWith("java -jar")).findFirst().orElseThrow();
		String[] properties = Shell.properties(start).toArray(String[]::new);
		assertThat(properties).hasSize(1);
		try (RunningHawser server = RunningHawser.startAsConfigured(NoCallbacks.class, properties)) {
			assertThat(Shell.run(Path.of("."), Map.of(), PAGE.block("http2.mjs").replace("9501", Integer.toString(server.port()))))
					.isEqualTo("fine");
		}
	}
}
