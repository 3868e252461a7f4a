package dev.hawser.push.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the seeds of {@link FilterFuzz} without the fuzzer. The name of a seed says whether it is a filter. */
class FilterFuzzTests {
	private static final List<String> WORDS = List.of("userId", "connectionId", "groups", "protocol", "eq", "ne", "gt", "le", "and", "or",
			"not", "in", "null", "true", "length(", "substring(", "tolower(", "startswith(", "concat(", "(", ")", ",", "'ann'", "'news'",
			"1", "-1", "'");

	static List<Path> seeds() throws IOException {
		return FuzzSeeds.of("filter");
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void readsWhatANaiveReaderReads(Path seed) throws IOException {
		assertThat(FilterFuzz.check(Files.readAllBytes(seed))).isEqualTo(seed.getFileName().toString().startsWith("accepted"));
	}

	/** Words in any order: most are no filters, and some thousand are. */
	@Test
	void readsRandomWordsAsANaiveReaderDoes() {
		Random random = new Random(17);
		int accepted = 0;
		for (int i = 0; i < 200_000; i++) {
			StringBuilder filter = new StringBuilder();
			for (int words = 1 + random.nextInt(9); words > 0; words--) {
				filter.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
			}
			accepted += FilterFuzz.check(filter.toString().getBytes(StandardCharsets.UTF_8)) ? 1 : 0;
		}
		assertThat(accepted).isGreaterThan(500);
	}
}
