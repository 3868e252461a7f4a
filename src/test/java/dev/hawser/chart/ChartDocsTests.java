package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each block of values in docs/kubernetes.md can be installed as it is. */
class ChartDocsTests {
	private static final Pattern VALUES = Pattern.compile("```yaml\n# values\n(.*?)```", Pattern.DOTALL);

	static Stream<String> values() {
		try {
			return VALUES.matcher(Files.readString(Path.of("docs", "kubernetes.md"))).results().map(MatchResult::group)
					.map(block -> VALUES.matcher(block).replaceAll("$1"));
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	@ParameterizedTest
	@MethodSource("values")
	void canBeInstalled(String values) {
		for (JsonNode manifest : Chart.HAWSER.render(values).all()) {
			assertThat(ManifestCheck.faults(manifest)).as(Chart.Manifests.name(manifest)).isEmpty();
		}
	}

	@Test
	void showsSecretsReloadsAndThreeWaysForJars() {
		assertThat(values()).anyMatch(block -> block.contains("secretProperties")).anyMatch(block -> block.contains("reloadInterval"))
				.anyMatch(block -> block.contains("image: {reference:")).anyMatch(block -> block.contains("initContainers"))
				.anyMatch(block -> block.contains("configMap: {name: callbacks}"));
	}
}
