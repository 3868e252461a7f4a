package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.HawserSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.Yaml;

/** What the chart writes into application.yaml, read as the server reads it. */
class ChartConfigurationTests {
	/** Properties that the chart writes before the server has them: with one of these, it would not start. */
	private static final List<String> PROPERTIES_TO_COME = List.of("hawser.drain");

	@TempDir
	private Path folder;

	@EnableConfigurationProperties(HawserSettings.class)
	static class Settings {
	}

	@Test
	void isWhatTheServerReads() throws Exception {
		Chart.Manifests manifests = Chart.HAWSER.render("""
				config:
				  hawser: {connection: {max-message-size: 10485760}, handshake: {allowed-origins: ["https://app.example.com"]}}
				  logging: {level: {root: warn}}
				drain: {windowSeconds: 35}
				""");
		write(manifests.get("ConfigMap/demo-hawser").at("/data/application.yaml").asText());
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Settings.class).web(WebApplicationType.NONE)
				.run("--spring.config.additional-location=file:" + folder + "/")) {
			HawserSettings settings = context.getBean(HawserSettings.class);
			assertThat(settings.connection().maxMessageSize().toMegabytes()).isEqualTo(10);
			assertThat(settings.handshake().allowedOrigins()).containsExactly("https://app.example.com");
			assertThat(Stream.of("server.port", "management.server.port", "logging.level.root").map(context.getEnvironment()::getProperty))
					.containsExactly("9501", "9502", "warn");
		}
	}

	/** Without the properties to come. */
	private void write(String yaml) throws Exception {
		Map<String, Object> all = new Yaml().load(yaml);
		assertThat(all.toString()).contains("window=35s");
		for (String property : PROPERTIES_TO_COME) {
			((Map<?, ?>) all.get(property.split("\\.")[0])).remove(property.split("\\.")[1]);
		}
		Files.writeString(folder.resolve("application.yaml"), new Yaml().dump(all));
	}
}
