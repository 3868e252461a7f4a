package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every property of the server is in docs/configuration.md, with the default that it has, and no other. */
class PropertyTests {
	private static final Pattern ROW = Pattern.compile("^\\| (`hawser\\.[^|]*) \\|([^|]*)\\|", Pattern.MULTILINE);
	private static final Pattern NAME = Pattern.compile("`([^`]+)`");

	/** From a property's name to what its cell of defaults says; `.secret` after another name takes the place of its last part. */
	private static Map<String, String> documented() {
		Map<String, String> rows = new LinkedHashMap<>();
		for (MatchResult row : ROW.matcher(Page.read("docs/configuration.md").text()).results().toList()) {
			String before = "";
			for (MatchResult name : NAME.matcher(row.group(1)).results().toList()) {
				String property = name.group(1).startsWith(".") ? before.substring(0, before.lastIndexOf('.')) + name.group(1)
						: name.group(1);
				assertThat(rows.put(property, row.group(2).strip())).as("%s has two rows", property).isNull();
				before = property;
			}
		}
		return rows;
	}

	/** From the metadata that IDEs show. */
	private static Map<String, String> real() throws Exception {
		Map<String, String> properties = new TreeMap<>();
		try (InputStream metadata = Objects
				.requireNonNull(PropertyTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
			for (JsonNode property : new ObjectMapper().readTree(metadata).get("properties")) {
				if (property.get("name").asText().startsWith("hawser.")) {
					JsonNode value = property.path("defaultValue");
					properties.put(property.get("name").asText(),
							value.isArray() && value.size() == 1 ? value.get(0).asText() : value.asText());
				}
			}
		}
		return properties;
	}

	@Test
	void haveARowEach() throws Exception {
		Map<String, String> real = real();
		TreeSet<String> rows = new TreeSet<>(documented().keySet());
		rows.removeIf(row -> row.startsWith("hawser.hubs.<name>"));
		TreeSet<String> properties = new TreeSet<>(real.keySet());
		properties.remove("hawser.hubs");
		assertThat(rows.stream().map(row -> row.replace("[]", ""))).containsExactlyInAnyOrderElementsOf(properties);
	}

	@Test
	void haveTheDefaultThatTheirRowSays() throws Exception {
		Map<String, String> documented = documented();
		real().forEach((property, value) -> {
			if (!value.isEmpty() && documented.containsKey(property)) {
				assertThat(documented.get(property)).as(property).isEqualTo("`" + value + "`");
			}
		});
	}
}
