package dev.hawser.subprotocol;

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

/** Replays the seeds of {@link RequestReaderFuzz} without the fuzzer. The name of a seed says whether it is a request. */
class RequestReaderFuzzTests {
	private static final List<String> NAMES = List.of("type", "group", "event", "ackId", "dataType", "data", "metadata", "noEcho",
			"ttlSeconds",
			"invocationId", "target", "sequenceId", "other");
	private static final List<String> VALUES = List.of("\"joinGroup\"", "\"sendToGroup\"", "\"event\"", "\"invoke\"", "\"ping\"", "\"g\"",
			"\"\"", "\" \"", "0", "1", "300", "301", "-0", "-1", "1.0", "1e1", "18446744073709551615", "18446744073709551616", "true",
			"false", "null",
			"{}", "[]", "{\"a\":\"b\"}", "{\"a\":1}", "{\"a\":\"b\",\"a\":\"c\"}", "[1,{\"x\":[null]}]", "\"text\"", "\"json\"",
			"\"binary\"",
			"\"AA==\"", "\"AAAA\"", "\"AB==\"", "\"\\ud800\"", "\"\\ud83d\\ude00\\n\"", "{\"a\":\"\\ud800\"}", "01", "nul");

	static List<Path> seeds() throws IOException {
		return FuzzSeeds.of("json-request");
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void readsWhatANaiveReaderReads(Path seed) throws IOException {
		assertThat(RequestReaderFuzz.check(Files.readAllBytes(seed)) == null)
				.isEqualTo(seed.getFileName().toString().startsWith("accepted"));
	}

	/** Names and values in any order: most are no requests, and some thousand are. */
	@Test
	void readsRandomPropertiesAsANaiveReaderDoes() {
		Random random = new Random(11);
		int accepted = 0;
		for (int i = 0; i < 200_000; i++) {
			StringBuilder message = new StringBuilder("{");
			for (int left = 1 + random.nextInt(6); left > 0; left--) {
				message.append('"').append(NAMES.get(random.nextInt(NAMES.size()))).append("\":")
						.append(VALUES.get(random.nextInt(VALUES.size()))).append(left == 1 ? "" : ",");
			}
			String type = VALUES.get(random.nextInt(5));
			String text = message.append(random.nextBoolean() ? ",\"type\":" + type + '}' : "}").toString();
			accepted += RequestReaderFuzz.check(text.getBytes(StandardCharsets.UTF_8)) == null ? 1 : 0;
		}
		assertThat(accepted).isGreaterThan(1000);
	}
}
