package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The commands in docs/kubernetes.md, with programs in place of kubectl, helm and DNS that say what a cluster would, and a real server. */
class KubernetesDocsTests {
	private static final Page PAGE = Page.read("docs/kubernetes.md");
	private static final String KEY = "operators-only-operators-only-operators-only";

	@TempDir
	private Path folder;

	@BeforeEach
	void makePrograms() throws IOException {
		Shell.needs("bash", "curl", "openssl");
		program("helm", "printf '%s\\n' \"$@\" --end >> " + folder.resolve("helm.called"));
		program("kubectl", "case \"$1 $2\" in\n'get secret') printf " + KEY + ";;\n'get pods') printf 'pod/hawser-0\\npod/hawser-1\\n';;\n"
				+ "port-forward*) exec sleep 600;;\n*) printf '%s\\n' \"$@\" --end >> " + folder.resolve("kubectl.called") + ";;\nesac");
		program("getent", "printf '127.0.0.1 STREAM hawser-pods.hawser\\n127.0.0.1 DGRAM\\n127.0.0.1 RAW\\n'");
	}

	private void program(String name, String commands) throws IOException {
		assertThat(Files.writeString(folder.resolve(name), "#!/bin/sh\n" + commands + '\n').toFile().setExecutable(true)).isTrue();
	}

	private String run(String block) throws Exception {
		return Shell.run(Path.of("."), Map.of("PATH", folder + ":" + System.getenv("PATH"), "KEY", KEY), block);
	}

	private List<List<String>> calls(String program) throws IOException {
		return List.of(Files.readString(folder.resolve(program + ".called")).split("--end\n", -1)).stream().filter(call -> !call.isEmpty())
				.map(call -> call.lines().toList()).toList();
	}

	/** The Secret has the keys that the installed pod reads, and Helm renders the chart with the values that are set. */
	@Test
	void installsTheChart() throws Exception {
		run(PAGE.block("helm install"));
		List<String> secret = calls("kubectl").get(1);
		assertThat(secret).startsWith("create", "secret", "generic", "hawser");
		List<String> install = calls("helm").getFirst();
		assertThat(install).startsWith("install", "hawser", "helm/hawser");
		TemplateCommand template = new Helm(Path.of(install.get(2))).template().withName("hawser").withNamespace("hawser")
				.withKubeVersion("1.35.0");
		for (int i = 0; i < install.size(); i++) {
			if (install.get(i).equals("--set")) {
				String[] value = install.get(i + 1).split("=", 2);
				template.set(value[0], value[1]);
			}
		}
		String manifests = template.call();
		assertThat(manifests).contains("image: registry.example.com/hawser:0.1.0");
		for (String key : List.of("token-secret", "operations-key")) {
			assertThat(manifests).contains("{key: \"" + key + '"');
			assertThat(secret).anyMatch(argument -> argument.matches("--from-literal=" + key + "=[\\w+/=]{64}"));
		}
		assertThat(calls("helm").getLast()).startsWith("test", "hawser");
	}

	@Test
	void callsEachPodFromWithinTheCluster() throws Exception {
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.operations.key=" + KEY)) {
			assertThat(run(PAGE.block("getent").replace("9502", Integer.toString(server.operationsPort())))).as("one pod, once")
					.containsOnlyOnce("\"applied\":true");
		}
	}

	@Test
	void callsEachPodFromOutside() throws Exception {
		try (RunningHawser server = RunningHawser.startSecure(NoCallbacks.class, "hawser.operations.key=" + KEY);
				RawClient client = RawClient.connect(server.port()).upgrade("/ws", "Authorization: Bearer " + RunningHawser.token())) {
			String block = PAGE.block("kubectl port-forward").replace("127.0.0.1:19502", "127.0.0.1:" + server.operationsPort())
					.replace("alice", "developer");
			assertThat(run("set +e\n" + block + "true")).isEqualTo("{\"closed\":1}{\"closed\":0}");
			assertThat(client.message().closeCode()).isEqualTo(4403);
		}
	}

	/** The jar is the one that the example builds, and its folder the one beside the server's jar in the image. */
	@Test
	void copiesCallbacksToWhereTheServerLooks() throws IOException {
		assertThat(PAGE.block("COPY target/chat.jar")).contains("COPY target/chat.jar /app/callbacks/");
		assertThat(Files.readString(Path.of("examples/chat-java/pom.xml"))).contains("<finalName>chat</finalName>");
		assertThat(Files.readString(Path.of("Dockerfile"))).contains("WORKDIR /app\n", "/app/hawser.jar");
	}

	@Test
	void scalesByAMetricOfTheServer() {
		JsonNode rules = new ObjectMapper().valueToTree(new Yaml().<Map<String, Object>>load(PAGE.block("seriesQuery"))).path("rules");
		assertThat(rules).hasSize(1);
		assertThat(rules.at("/0/seriesQuery").asText()).startsWith("hawser_connections{");
		assertThat(Page.read("docs/operations.md").text()).contains("`hawser_connections{hub}`");
	}
}
