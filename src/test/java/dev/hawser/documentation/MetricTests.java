package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every metric of Hawser that a scrape shows is in the documentation. */
class MetricTests {
	private static final Pattern TYPE = Pattern.compile("^# TYPE (hawser_[a-z_]+) ", Pattern.MULTILINE);

	@Test
	void areDocumented() throws Exception {
		String documentation = Page.read("docs/operations.md").text();
		RunningHawser server = RunningHawser.shared(NoCallbacks.class);
		try (RawClient client = RawClient.connect(server.operationsPort())) {
			String scrape = client.request("GET /actuator/prometheus HTTP/1.1", "Host: localhost", "Connection: close").response().body();
			TreeSet<String> names = TYPE.matcher(scrape).results().map((MatchResult type) -> type.group(1))
					.filter(name -> !name.endsWith("_seconds_max")) // beside each timer
					.collect(Collectors.toCollection(TreeSet::new));
			assertThat(names).hasSizeGreaterThan(10)
					.allSatisfy(name -> assertThat(documentation).containsPattern("`" + name + "[`{]"));
		}
	}
}
