package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each block of configuration starts a server as it stands there, with secrets for its placeholders: those of console.md,
 * hubs-and-limits.md, network.md, push.md, tokens.md and webhooks.md, and of whatever page gets one. What has a test of its own, and values of
 * the chart, are left out.
 */
class DocumentedConfigurationTests {
	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)}");
	private static final Pattern ELSEWHERE = Pattern.compile("^# (values|application\\.yaml)\n|^rules:|^server\\.ssl:|TOKEN_SECRET");

	@TempDir
	private Path folder;

	static Stream<String> blocks() {
		return Page.all().flatMap(page -> page.blocks().stream()).filter(block -> block.language().equals("yaml")).map(Page.Block::code)
				.filter(code -> !ELSEWHERE.matcher(code).find());
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void startsAServer(String block) throws Exception {
		Path partner = Files.writeString(folder.resolve("partner.pem"), publicKey());
		String text = PLACEHOLDER.matcher(block).replaceAll("a-secret-long-enough-for-anything-$1").replace("/etc/hawser/partner.pem",
				partner.toString());
		Path file = Files.writeString(folder.resolve("documented.yaml"), text);
		try (RunningHawser server = RunningHawser.startAsConfigured(NoCallbacks.class,
				"spring.config.additional-location=file:" + file,
				"hawser.hubs.chat.connection.pong-timeout=20s"); // the hub that some blocks name
				RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/ws")).response().status()).isIn(101, 401);
		}
	}

	private static String publicKey() throws Exception {
		byte[] key = CertificateChain.make().issue("CN=partner").certificate().getPublicKey().getEncoded();
		return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END PUBLIC KEY-----\n";
	}
}
