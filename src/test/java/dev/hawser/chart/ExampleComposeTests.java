package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hawser.application.settings.StandaloneConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** {@code examples/compose.yaml}: each node gets a configuration that it accepts, and the proxy knows each node. No container runs here. */
class ExampleComposeTests {
	private static final Path FILE = Path.of("examples/compose.yaml");

	private static JsonNode compose() throws IOException {
		return new ObjectMapper().valueToTree(new Yaml().<Map<String, Object>>load(Files.readString(FILE)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "node-1", "node-2", "node-3" })
	void configuresEachNode(String node) throws Exception {
		JsonNode service = compose().path("services").path(node);
		Map<String, String> variables = new HashMap<>();
		service.path("environment").properties()
				.forEach(one -> variables.put(one.getKey(), one.getValue().asText().replaceAll("\\$\\{\\w+:\\?}", "secret-".repeat(8))));
		// three different secrets, as the commands in the file make them
		variables.replaceAll((name, value) -> value.startsWith("secret-") ? value + name : value);
		StandaloneConfiguration configuration = StandaloneConfiguration.read(List.of(), variables);
		assertThat(configuration.mistakes(Class.forName("dev.hawser.application.HawserConfiguration"))).isEmpty();
		assertThat(configuration.get("hawser.node")).isEqualTo(node);
		assertThat(configuration.get("spring.data.redis.host")).isEqualTo("redis");
		assertThat(configuration.get("hawser.client-address.trusted-proxies"))
				.isEqualTo(compose().at("/services/proxy/networks/hawser/ipv4_address").asText());
		assertThat(List.of("handshake.token.secret", "push.key", "operations.key"))
				.allSatisfy(name -> assertThat(configuration.get("hawser." + name)).startsWith("secret-"));
		assertThat(service.path("image").asText()).isEqualTo("hawser");
	}

	@Test
	void showsTheProxyAllNodes() throws IOException {
		String proxy = compose().at("/configs/proxy/content").asText();
		for (String node : List.of("node-1", "node-2", "node-3")) {
			assertThat(proxy).contains("server " + node + ' ' + node + ":9501 check port 9502");
		}
		assertThat(compose().at("/services/proxy/depends_on")).hasSize(3);
	}
}
