package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the seeds of {@link HandshakeFuzz} without the fuzzer. The name of a seed begins with its expected result. */
class HandshakeFuzzTests {
	static List<Path> seeds() throws IOException {
		return FuzzSeeds.of("handshake");
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void acceptsExactlyWhatTheRfcCallsAHandshake(Path seed) throws IOException {
		HandshakeRejection rejection = HandshakeFuzz.check(Files.readAllBytes(seed));
		assertThat(seed.getFileName().toString()).startsWith(rejection == null ? "accepted" : rejection.reason());
	}
}
