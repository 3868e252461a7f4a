package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the seeds of the fuzz targets for {@link MessageReader} without the fuzzer. The name of a seed says what its result must be. */
class MessageReaderFuzzTests {
	private static final String BROKEN = "broken-";

	static List<Path> seeds() throws IOException {
		return FuzzSeeds.of("message-reader");
	}

	static List<Path> compressedSeeds() throws IOException {
		return FuzzSeeds.of("compressed-reader");
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void readsAsTheReferenceDoes(Path seed) throws IOException {
		assertIsWhatItsNameSays(seed, MessageReaderFuzz.check(Files.readAllBytes(seed)));
	}

	@ParameterizedTest
	@MethodSource("compressedSeeds")
	void readsCompressedMessagesAsTheReferenceDoes(Path seed) throws IOException {
		assertIsWhatItsNameSays(seed, CompressedReaderFuzz.check(Files.readAllBytes(seed)));
	}

	private static void assertIsWhatItsNameSays(Path seed, MessageReaderFuzz.Reading reading) {
		String name = seed.getFileName().toString();
		if (name.startsWith(BROKEN)) {
			assertThat(reading.violation()).isEqualTo(Violation.valueOf(name.split("-", -1)[1]));
		}
		else {
			assertThat(reading.violation()).isNull();
		}
	}
}
