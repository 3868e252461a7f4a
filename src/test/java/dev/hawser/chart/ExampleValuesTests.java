package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hawser.application.settings.StandaloneConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values in {@code examples} can be installed as they are, and give the server a configuration that it accepts. */
class ExampleValuesTests {
	private static final Path FOLDER = Path.of("examples");

	static Stream<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.filter(file -> file.getFileName().toString().startsWith("values-")).toList().stream();
		}
	}

	@ParameterizedTest
	@MethodSource("files")
	void canBeInstalled(Path file, @TempDir Path folder) throws Exception {
		Chart.Manifests manifests = Chart.HAWSER.render(Files.readString(file));
		for (JsonNode manifest : manifests.all()) {
			assertThat(ManifestCheck.faults(manifest)).as(Chart.Manifests.name(manifest)).isEmpty();
		}
		String configuration = manifests.get("ConfigMap/demo-hawser").at("/data/application.yaml").asText();
		assertThat(configuration).isNotEmpty();
		Path written = Files.writeString(folder.resolve("application.yaml"), configuration);
		assertThat(StandaloneConfiguration.read(List.of("--spring.config.location=optional:classpath:/,file:" + written), Map.of())
				.mistakes(Class.forName("dev.hawser.application.HawserConfiguration"))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("files")
	void isInTheIndexAndSaysHowToInstallIt(Path file) throws IOException {
		assertThat(Files.readString(FOLDER.resolve("README.md"))).contains("(" + file.getFileName() + ")");
		assertThat(Files.readString(file)).contains("helm install hawser helm/hawser -f " + file);
	}

	@Test
	void leadsClientsThroughAnIngressOrAGateway() throws Exception {
		assertThat(Chart.HAWSER.render(Files.readString(FOLDER.resolve("values-ingress-nginx.yaml"))).names())
				.contains("Ingress/demo-hawser");
		assertThat(Chart.HAWSER.render(Files.readString(FOLDER.resolve("values-gateway-api.yaml"))).names())
				.contains("HTTPRoute/demo-hawser");
		assertThat(Chart.HAWSER.render(Files.readString(FOLDER.resolve("values-one-node.yaml"))).names())
				.contains("StatefulSet/demo-hawser");
	}
}
