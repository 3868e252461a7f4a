package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.application.ReadConfiguration;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.operations.DrainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart writes into application.yaml, read as the server reads it. */
class ChartConfigurationTests {
	@TempDir
	private Path folder;

	@Test
	void isWhatTheServerReads() throws Exception {
		Chart.Manifests manifests = Chart.HAWSER.render("""
				config:
				  hawser: {connection: {max-message-size: 10MB, limits.messages-per-second: 10485760}, handshake: {allowed-origins: ["https://app.example.com"]}}
				  logging: {level: {root: warn}}
				drain: {windowSeconds: 35}
				""");
		Files.writeString(folder.resolve("application.yaml"), manifests.get("ConfigMap/demo-hawser").at("/data/application.yaml").asText());
		try (ReadConfiguration read = ReadConfiguration.of("--spring.config.additional-location=file:" + folder + "/")) {
			assertThat(read.of(ConnectionSettings.class).maxMessageSize().toMegabytes()).isEqualTo(10);
			assertThat(read.of(ConnectionSettings.class).limits().messagesPerSecond()).isEqualTo(10485760);
			assertThat(read.of(HandshakeSettings.class).allowedOrigins()).containsExactly("https://app.example.com");
			assertThat(read.of(DrainSettings.class))
					.isEqualTo(new DrainSettings(Duration.ZERO, Duration.ofSeconds(35), Duration.ofSeconds(30)));
			assertThat(Stream.of("server.port", "management.server.port", "logging.level.root")
					.map(read.context().getEnvironment()::getProperty)).containsExactly("9501", "9502", "warn");
		}
	}
}
