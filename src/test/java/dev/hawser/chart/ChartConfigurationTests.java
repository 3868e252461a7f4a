package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.application.settings.HawserSettings;
import dev.hawser.operations.DrainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** What the chart writes into application.yaml, read as the server reads it. */
class ChartConfigurationTests {
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
		Files.writeString(folder.resolve("application.yaml"), manifests.get("ConfigMap/demo-hawser").at("/data/application.yaml").asText());
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Settings.class).web(WebApplicationType.NONE)
				.run("--spring.config.additional-location=file:" + folder + "/")) {
			HawserSettings settings = context.getBean(HawserSettings.class);
			assertThat(settings.connection().maxMessageSize().toMegabytes()).isEqualTo(10);
			assertThat(settings.handshake().allowedOrigins()).containsExactly("https://app.example.com");
			assertThat(settings.drain()).isEqualTo(new DrainSettings(Duration.ZERO, Duration.ofSeconds(35), Duration.ofSeconds(10)));
			assertThat(Stream.of("server.port", "management.server.port", "logging.level.root").map(context.getEnvironment()::getProperty))
					.containsExactly("9501", "9502", "warn");
		}
	}
}
