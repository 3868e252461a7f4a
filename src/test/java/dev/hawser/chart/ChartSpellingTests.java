package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

/** The chart sees every spelling of a property that the server accepts: dotted or nested, kebab, camel, upper case. */
class ChartSpellingTests {
	private static final int SPELLINGS = 24;

	@ParameterizedTest
	@ValueSource(strings = { "server.port", "management.server.port", "hawser.drain.window", "hawser.operations.key", "hawser.node",
			"hawser.reload-interval", "hawser.handshake.token.secret", "hawser.handshake.token.introspection.client-secret",
			"hawser.hubs.chat.handshake.token.secret", "hawser.handshake.token.keys[0].secret", "server.ssl.key-store-password" })
	void refusesEverySpellingThatTheServerTakes(String property) throws Exception {
		RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(property.hashCode());
		int taken = 0;
		for (int i = 0; i < SPELLINGS; i++) {
			String config = new ObjectMapper().writeValueAsString(spelling(property, random));
			if (isTaken(config, property)) {
				taken++;
				assertThatThrownBy(() -> Chart.HAWSER.render("config: " + config)).as(config).hasMessageContaining("config.")
						.hasMessageNotContaining("hunter2");
			}
		}
		assertThat(taken).isGreaterThan(SPELLINGS / 4);
	}

	private static boolean isTaken(String config, String property) throws Exception {
		var sources = new YamlPropertySourceLoader().load("application.yaml",
				new ByteArrayResource(config.getBytes(StandardCharsets.UTF_8)));
		return new Binder(ConfigurationPropertySources.from(sources)).bind(property, String.class).isBound();
	}

	/** The name as nested maps, with some of its elements joined in one key, and each element in some spelling. */
	private static Object spelling(String property, RandomGenerator random) {
		List<String> elements = new ArrayList<>(List.of(property.split("\\.")));
		Object value = "hunter2";
		String key = "";
		for (String element : elements.reversed()) {
			key = key.isEmpty() ? spelt(element, random) : spelt(element, random) + (key.startsWith("[") ? key : "." + key);
			if (random.nextBoolean()) {
				value = Map.of(key, value);
				key = "";
			}
		}
		return key.isEmpty() ? value : Map.of(key, value);
	}

	private static String spelt(String element, RandomGenerator random) {
		return switch (random.nextInt(7)) {
			case 0 -> element.toUpperCase(Locale.ROOT);
			case 1 -> element.replace('-', '_');
			case 2 -> element.replace("-", "");
			case 3 -> element.contains("[") ? element : "[" + element + "]";
			case 4 -> Character.toUpperCase(element.charAt(0)) + element.substring(1);
			case 5 -> element.charAt(0) + "-" + element.substring(1);
			default -> element;
		};
	}
}
