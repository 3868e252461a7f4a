package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.token.DevelopmentToken;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a pod of the chart runs it: with its variables, and with ConfigMap and Secret mounted and replaced while it runs. */
class ChartPodIT {
	private static final String VALUES = """
			existingSecret: s
			operationsSecretKey: operations-key
			secretProperties: {partner: partner-secret}
			reloadInterval: 200ms
			config: {hawser: {hubs.chat: {handshake.token.secret: "${partner}", handshake.allowed-origins: "%s"}}}
			""";
	private static final String ORIGIN = "Origin: https://app.example";

	@TempDir
	private Path app;

	@Test
	void readsMountedSecretsAndConfigurationAnewWhileConnectionsStay() throws Exception {
		PodFiles files = new PodFiles(app);
		Chart.Manifests before = Chart.HAWSER.render(VALUES.formatted("https://other.example"));
		files.mount(before, secret("old"));
		try (HawserJar server = HawserJar.start(HawserJar.JAR, app, files.environment(before), "hawser.callbacks.echo=true")) {
			int port = port(server);
			try (RawClient client = RawClient.connect(port)) {
				RawClient.Response opened = client.request(RawClient.handshake("/ws?access_token=" + token("old-token"))).response();
				assertThat(opened.status()).isEqualTo(101);
				assertThat(opened.header("Hawser-Connection-Id")).matches(PodFiles.POD + "-[0-9a-z]+-1");
				assertThat(status(port, "/client/hubs/chat", "old-partner")).isEqualTo(101);
				assertThat(status(port, "/client/hubs/chat", "old-partner", ORIGIN)).isEqualTo(403);
				assertThat(operator(server, "old-operations")).isEqualTo(200);

				Chart.Manifests after = Chart.HAWSER.render(VALUES.formatted("https://app.example"));
				files.mount(after, secret("new"));
				await().until(() -> status(port, "/ws", "new-token") == 101);
				await().until(() -> status(port, "/client/hubs/chat", "new-partner", ORIGIN) == 101);
				await().until(() -> operator(server, "new-operations") == 200);
				assertThat(status(port, "/ws", "old-token")).isEqualTo(401);
				assertThat(operator(server, "old-operations")).isEqualTo(401);
				assertThat(client.send(RawFrame.text("still here")).message().text()).isEqualTo("still here");
				assertThat(after.get("Deployment/demo-hawser")).as("no pod is replaced").isEqualTo(before.get("Deployment/demo-hawser"));
			}
		}
	}

	@Test
	void readsPropertiesOfTheSecretUnderTheirOwnNames() throws Exception {
		PodFiles files = new PodFiles(app);
		Chart.Manifests manifests = Chart.HAWSER.render("{existingSecret: s, secretProperties: {hawser.request.header-size: size}}");
		files.mount(manifests, Map.of("token-secret", secretOf("old-token"), "size", "hunter2"));
		try (HawserJar server = HawserJar.start(HawserJar.JAR, app, files.environment(manifests), "hawser.callbacks.echo=true")) {
			assertThat(server.program().exitCode()).isEqualTo(1);
			assertThat(server.program().output()).contains("hawser.request.header-size has a value").doesNotContain("hunter2");
		}
		assertThat(app.resolve("secrets/hawser.request.header-size")).satisfies(link -> assertThat(Files.isSymbolicLink(link)).isTrue());
	}

	/** Editors add a line break at the end, and so do many commands that pipe a secret into kubectl. */
	private static Map<String, String> secret(String age) {
		return Map.of("token-secret", secretOf(age + "-token") + "\n", "operations-key", secretOf(age + "-operations") + "\n",
				"partner-secret", secretOf(age + "-partner"));
	}

	private static String secretOf(String name) {
		return (name + "-").repeat(8);
	}

	private static String token(String name) {
		return DevelopmentToken.mint(secretOf(name), List.of("hawser"));
	}

	private static int status(int port, String path, String name, String... headers) throws Exception {
		try (RawClient client = RawClient.connect(port)) {
			return client.request(RawClient.handshake(path + "?access_token=" + token(name), headers)).response().status();
		}
	}

	private static int operator(HawserJar server, String name) throws Exception {
		try (RawClient client = RawClient.connect(server.operationsPort())) {
			return client.request("GET /actuator/drain HTTP/1.1", "Host: localhost", "Authorization: Bearer " + secretOf(name),
					"Connection: close").response().status();
		}
	}

	private static int port(HawserJar server) throws InterruptedException {
		String line = server.program().line("WebSocket: ws://");
		return URI.create(line.substring(line.indexOf("ws://"), line.indexOf("?"))).getPort();
	}
}
