package dev.hawser.connection;

import dev.hawser.testing.CompressionCase;
import dev.hawser.testing.DeflatingClient;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SamplePayloads;
import dev.hawser.testing.Witness;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public suite's group 12, case for case: compressed messages of five kinds of payload, 16 bytes to 128 KiB, in one frame
 * and cut into many, sent and echoed one after the other. The server's settings are the defaults, except that nothing is too
 * small to compress.
 */
class AutobahnCompressionTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.compression.threshold=0");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static Stream<Arguments> cases() {
		List<SamplePayloads> all = List.of(SamplePayloads.values());
		return all.stream().flatMap(payloads -> CompressionCase.ALL.stream()
				.map(row -> Arguments.of("12." + (all.indexOf(payloads) + 1) + "." + row.number(), payloads, row)));
	}

	@ParameterizedTest(name = "{0}: {1}, {2}")
	@MethodSource("cases")
	void echoes(String number, SamplePayloads payloads, CompressionCase row) throws Exception {
		try (DeflatingClient client = DeflatingClient.connect(server.port(),
				"permessage-deflate; client_no_context_takeover; client_max_window_bits")) {
			Assertions.assertThat(client.agreed()).contains("permessage-deflate");
			row.converse(client, payloads);
		}
	}
}
