package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CompressionCase;
import dev.hawser.testing.DeflatingClient;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SamplePayloads;
import dev.hawser.testing.Witness;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public suite's group 13, case for case: the messages of case 12.1 for each of seven lists of offers, which ask the
 * server to start each message with an empty window, or for a window of 9 or 15 bits. The server would take over on both
 * sides. It has no window of 9 bits: it declines such an offer and takes the next, or messages go uncompressed.
 */
class AutobahnCompressionParameterTests {
	private static final String CLIENT = "; client_no_context_takeover; client_max_window_bits";
	private static final String ALONE = "; server_no_context_takeover";
	private static final String NINE = "; server_max_window_bits=9";
	private static final String FIFTEEN = "; server_max_window_bits=15";

	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.compression.threshold=0", "hawser.connection.compression.server-context-takeover=true",
				"hawser.connection.compression.client-context-takeover=true");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	/** One of the group's seven lists of offers, and what is agreed on: null for nothing. */
	enum Offers {
		ANY("", ""),
		ALONE_ONLY(ALONE, ALONE),
		NINE_ONLY(null, NINE),
		FIFTEEN_ONLY(FIFTEEN, FIFTEEN),
		ALONE_AND_NINE(null, ALONE + NINE),
		ALONE_AND_FIFTEEN(ALONE + FIFTEEN, ALONE + FIFTEEN),
		FALLING_BACK(ALONE, ALONE + NINE, ALONE, "");

		private final @Nullable String agreed;
		private final String asked;

		Offers(@Nullable String agreed, String... asked) {
			this.agreed = agreed;
			this.asked = String.join(",", asked);
		}

		String[] lines(String client) {
			return Arrays.stream(asked.split(",", -1)).map(parameters -> "permessage-deflate" + parameters + client).toArray(String[]::new);
		}
	}

	static Stream<Arguments> cases() {
		List<Offers> all = List.of(Offers.values());
		return all.stream().flatMap(offers -> CompressionCase.ALL.stream()
				.map(row -> Arguments.of("13." + (all.indexOf(offers) + 1) + "." + row.number(), offers, row)));
	}

	private static @Nullable String expected(Offers offers, String client) {
		if (offers.agreed == null) {
			return null;
		}
		return "permessage-deflate" + (offers.agreed.contains(ALONE) ? ALONE : "") + client
				+ (offers.agreed.contains(FIFTEEN) ? FIFTEEN : "");
	}

	@ParameterizedTest(name = "{0}: {1}, {2}")
	@MethodSource("cases")
	void echoesAsAgreed(String number, Offers offers, CompressionCase row) throws Exception {
		try (DeflatingClient client = DeflatingClient.connect(server.port(), offers.lines(CLIENT))) {
			assertThat(client.agreed()).isEqualTo(expected(offers, "; client_no_context_takeover"));
			row.converse(client, SamplePayloads.JSON);
		}
	}

	/** The same with a client that keeps its window, which the suite's never does. */
	@ParameterizedTest(name = "{0}: {1}, {2}")
	@MethodSource("cases")
	void echoesToAClientThatTakesItsWindowOver(String number, Offers offers, CompressionCase row) throws Exception {
		try (DeflatingClient client = DeflatingClient.connect(server.port(), offers.lines("; client_max_window_bits=15"))) {
			assertThat(client.agreed()).isEqualTo(expected(offers, ""));
			row.converse(client, SamplePayloads.JSON);
		}
	}
}
