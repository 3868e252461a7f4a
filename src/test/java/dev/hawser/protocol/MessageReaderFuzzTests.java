package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the seeds of {@link MessageReaderFuzz} without the fuzzer. A seed's name says what must come of it. */
class MessageReaderFuzzTests {
	private static final String BROKEN = "broken-";

	static List<Path> seeds() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("fuzz/corpus/message-reader"))) {
			return files.sorted().toList();
		}
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void readsAsTheReferenceDoes(Path seed) throws IOException {
		MessageReaderFuzz.Reading reading = MessageReaderFuzz.check(Files.readAllBytes(seed));
		String name = seed.getFileName().toString();
		if (name.startsWith(BROKEN)) {
			assertThat(reading.violation()).isEqualTo(Violation.valueOf(name.split("-")[1]));
		}
		else {
			assertThat(reading.violation()).isNull();
		}
	}
}
