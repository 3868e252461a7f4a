package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How large the head of a request may be. */
class RequestHeadTests {
	private static final int KIB = 1024;
	/** Headers of a plain handshake. */
	private static final int HEADERS = 5;

	private static RunningHawser server;
	private static RunningHawser generous;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Echo.class);
		generous = RunningHawser.start(Echo.class, "hawser.request.header-size=200KB", "hawser.handshake.subprotocol-length=150KB",
				"hawser.handshake.subprotocols=chat");
	}

	@AfterAll
	static void stop() {
		server.close();
		generous.close();
	}

	/** A handshake whose line and headers have this many bytes, the empty line behind them included. */
	private static String[] ofSize(int bytes) {
		int others = (String.join("\r\n", RawClient.handshake("/ws", "X: ")) + "\r\n\r\n").length();
		return RawClient.handshake("/ws", "X: " + "x".repeat(bytes - others));
	}

	private static String[] headers(int count) {
		return RawClient.handshake("/ws", IntStream.range(0, count - HEADERS).mapToObj(i -> "X-" + i + ": x").toArray(String[]::new));
	}

	private static String[] subprotocols(int... lengths) {
		return RawClient.handshake("/ws",
				IntStream.of(lengths).mapToObj(length -> "Sec-WebSocket-Protocol: " + "x".repeat(length)).toArray(String[]::new));
	}

	static Stream<Arguments> rows() {
		return Stream.of(
				Arguments.of("8 KiB", 101, "", ofSize(8 * KIB)),
				Arguments.of("one byte more", 431, "header-size", ofSize(8 * KIB + 1)),
				Arguments.of("a megabyte", 431, "header-size", ofSize(KIB * KIB)),
				Arguments.of("a query of 9 KiB", 414, "header-size", RawClient.handshake("/ws?" + "x".repeat(9 * KIB))),
				Arguments.of("a name of 9 KiB", 431, "header-size", RawClient.handshake("/ws", "x".repeat(9 * KIB) + ": x")),
				Arguments.of("100 headers", 101, "", headers(100)),
				Arguments.of("101 headers", 431, "header-count", headers(101)),
				Arguments.of("1000 headers", 431, "header-count", headers(1000 - 300)),
				Arguments.of("101 headers on any path", 431, "header-count", with("GET /actuator/health HTTP/1.1", headers(101))),
				Arguments.of("subprotocols of 4 KiB", 101, "", subprotocols(4 * KIB)),
				Arguments.of("one byte more", 431, "subprotocol-length", subprotocols(4 * KIB + 1)),
				Arguments.of("4 KiB on two lines", 101, "", subprotocols(KIB, 3 * KIB)),
				Arguments.of("more on two lines", 431, "subprotocol-length", subprotocols(KIB, 3 * KIB + 1)));
	}

	private static String[] with(String line, String[] request) {
		String[] other = request.clone();
		other[0] = line;
		return other;
	}

	private static double rejected(RunningHawser of, String reason) {
		return of.bean(MeterRegistry.class).find("hawser.handshakes").tag("outcome", "rejected").tag("reason", reason).counters().stream()
				.mapToDouble(Counter::count).sum();
	}

	@ParameterizedTest(name = "{0}: {1} {2}")
	@MethodSource("rows")
	void limitsTheHead(String label, int status, String reason, String[] request) throws Exception {
		double before = status == 101 ? 0 : rejected(server, reason);
		try (RawClient client = RawClient.connect(server.port()).offer(request)) {
			var answer = client.response();
			assertThat(answer.status()).as("%s", answer).isEqualTo(status);
			if (status != 101) {
				assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
				JsonNode problem = JsonMapper.shared().readTree(answer.body());
				assertThat(problem.path("reason").asString()).isEqualTo(reason);
				assertThat(problem.path("status").asInt()).isEqualTo(status);
				assertThat(problem.path("detail").asString()).containsPattern("hawser\\.(request|handshake)\\." + reason).endsWith(".")
						.doesNotContain("xx");
				assertThat(answer.header("Connection")).contains("close");
				assertThat(rejected(server, reason)).isEqualTo(before + 1);
			}
		}
	}

	static Stream<Arguments> http2Rows() {
		return Stream.of(
				Arguments.of("7 KiB", 200, "", new String[] { "x", "x".repeat(7 * KIB) }),
				Arguments.of("9 KiB", 431, "header-size", new String[] { "x", "x".repeat(9 * KIB) }),
				Arguments.of("9 KiB in many headers", 431, "header-size", IntStream.range(0, 90)
						.mapToObj(i -> Stream.of("x" + i, "x".repeat(100))).flatMap(pair -> pair).toArray(String[]::new)),
				Arguments.of("101 headers", 431, "header-count", IntStream.range(0, 101)
						.mapToObj(i -> Stream.of("x" + i, "x")).flatMap(pair -> pair).toArray(String[]::new)),
				Arguments.of("subprotocols of 4 KiB", 200, "", new String[] { "sec-websocket-protocol", "x".repeat(4 * KIB) }),
				Arguments.of("one byte more", 431, "subprotocol-length",
						new String[] { "sec-websocket-protocol", "x".repeat(4 * KIB + 1) }));
	}

	@ParameterizedTest(name = "{0}: {1} {2}")
	@MethodSource("http2Rows")
	void limitsTheHeadOfOneStreamAndLeavesTheOthers(String label, int status, String reason, String[] headers) throws Exception {
		double before = status == 200 ? 0 : rejected(server, reason);
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream other = client.webSocket("/ws");
			Http2Stream stream = client.handshake("/ws", headers);
			assertThat(stream.status()).isEqualTo(status);
			if (status != 200) {
				assertThat(stream.body()).contains("\"reason\":\"" + reason + '"');
				assertThat(rejected(server, reason)).isEqualTo(before + 1);
			}
			assertThat(other.send(RawFrame.text("still here")).frame().text()).isEqualTo("still here");
		}
	}

	// Large ones, where they are allowed.

	static Stream<Arguments> patterns() {
		int length = 100 * KIB;
		return Stream.of(
				Arguments.of("one name", 101, "x".repeat(length)),
				Arguments.of("many names", 101, "x,".repeat(length / 2)),
				Arguments.of("commas", 101, ",".repeat(length) + "x"),
				Arguments.of("spaces between two names", 400, "x" + " ".repeat(length) + "x"),
				Arguments.of("spaces before a comma", 101, "x" + " ".repeat(length) + ",x"),
				Arguments.of("spaces and commas", 101, " ,".repeat(length / 2) + "x"),
				Arguments.of("bearer for a token", 401, "bearer,".repeat(length / 7)));
	}

	/** CVE-2021-32640: time that grew with the square of the length, in this header. A square would take minutes here. */
	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("patterns")
	void readsLongSubprotocolsInOneGo(String label, int status, String value) throws Exception {
		try (RawClient client = RawClient.connect(generous.port())
				.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: " + value))) {
			assertThat(client.response().status()).isEqualTo(status);
		}
	}

	@Test
	void countsWhatIsAllowed() throws Exception {
		try (RunningHawser strict = RunningHawser.start(Echo.class, "hawser.request.header-size=1KB", "hawser.request.header-count=6",
				"hawser.handshake.subprotocol-length=0B")) {
			for (String[] request : new String[][] { ofSize(KIB), headers(6) }) {
				try (RawClient client = RawClient.connect(strict.port()).request(request)) {
					assertThat(client.response().status()).isEqualTo(101);
				}
			}
			for (String[] request : new String[][] { ofSize(KIB + 1), headers(7), subprotocols(1) }) {
				try (RawClient client = RawClient.connect(strict.port()).request(request)) {
					assertThat(client.response().status()).isEqualTo(431);
				}
			}
			assertThat(rejected(strict, "header-size")).isEqualTo(1);
			assertThat(rejected(strict, "header-count")).isEqualTo(1);
			assertThat(rejected(strict, "subprotocol-length")).isEqualTo(1);
		}
	}
}
