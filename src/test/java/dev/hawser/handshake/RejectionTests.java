package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ForHub;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.operations.Drain;
import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SigningKey;
import dev.hawser.token.DevelopmentToken;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every way to refuse a handshake: status, problem document, headers, metric. The table in docs/troubleshooting.md must have the same rows. */
class RejectionTests {
	private static final Pattern REFUSAL = Pattern.compile("(?m)^\\| ([45]\\d\\d(?:, \\d{3})*) \\| (`[^|]+`) \\|");
	private static final Pattern REASON = Pattern.compile("`([a-z-]+)`");
	private static final String BEARER = "Bearer realm=\"hawser\"";
	private static FakeIssuer deadIssuer;
	private static RunningHawser server;
	private static final List<AutoCloseable> HELD = new ArrayList<>();

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}

		@Bean
		@ForHub("broken")
		OnMessage onBrokenMessage() {
			return (server, frame) -> {
			};
		}

		@Bean
		@ForHub("broken")
		OnHandShake onHandShake() {
			return (request, response) -> {
				throw new IllegalStateException("thrown on purpose");
			};
		}
	}

	/**
	 * @param header a header that the answer must have, as {@code name: value}; null for none in particular
	 * @param hub    the hub whose metric counts it; {@code none} before that is known
	 */
	record Row(int status, String reason, @Nullable String header, String hub, String... request) {
		Row atNoHub() {
			return new Row(status, reason, header, "none", request);
		}

		@Override
		public String toString() {
			return status + " " + reason + " " + hub;
		}
	}

	@BeforeAll
	static void start() throws Exception {
		deadIssuer = new FakeIssuer();
		deadIssuer.die();
		server = RunningHawser.startSecure(Callbacks.class, "hawser.handshake.token.clock-skew=0s",
				"hawser.handshake.token.issuer=https://issuer.example", "hawser.hubs.open.handshake.token.required=false",
				"hawser.hubs.broken.handshake.token.required=false",
				"hawser.hubs.full.handshake.token.required=false", "hawser.hubs.full.connection.limits.connections=1",
				"hawser.hubs.address.handshake.token.required=false", "hawser.hubs.address.connection.limits.per-address=1",
				"hawser.hubs.user.connection.limits.per-user=1",
				"hawser.hubs.rate.handshake.token.required=false", "hawser.hubs.rate.connection.limits.handshakes-per-second=1",
				"hawser.hubs.each.handshake.token.required=false", "hawser.hubs.each.connection.limits.handshakes-per-address=1",
				"hawser.client-address.trusted-proxies=127.0.0.1");
		HELD.add(RawClient.connect(server.port()).upgrade("/client/hubs/full"));
		HELD.add(RawClient.connect(server.port()).upgrade("/client/hubs/address"));
		HELD.add(RawClient.connect(server.port()).upgrade(with("/client/hubs/user", good())));
	}

	@AfterAll
	static void stop() throws Exception {
		for (AutoCloseable held : HELD) {
			held.close();
		}
		server.close();
		deadIssuer.close();
	}

	private static String claims(String audience, String issuer, long expires, String more) {
		return String.format(Locale.ROOT, "{\"sub\":\"alice\",\"aud\":\"%s\",\"iss\":\"%s\",\"exp\":%d%s}", audience, issuer, expires,
				more);
	}

	private static String token(String audience, String issuer, long seconds, String more) {
		return new SigningKey("HS256", RunningHawser.SECRET, null)
				.sign(claims(audience, issuer, Instant.now().getEpochSecond() + seconds, more));
	}

	private static String good() {
		return token("hawser", "https://issuer.example", 600, "");
	}

	private static String with(String path, String token) {
		return path + "?access_token=" + token;
	}

	private static Row row(int status, String reason, @Nullable String header, String hub, String... request) {
		return new Row(status, reason, header, hub, request);
	}

	private static Row malformed(int status, String reason, @Nullable String header, String from, String to) {
		String[] request = RawClient.handshake("/ws");
		for (int i = 0; i < request.length; i++) {
			request[i] = request[i].startsWith(from) ? to : request[i];
		}
		return row(status, reason, header, "default", request);
	}

	private static Row ticket(String reason, String token) {
		return row(401, reason, "WWW-Authenticate: " + BEARER + ", error=\"invalid_token\"", "default",
				RawClient.handshake(with("/ws", token)));
	}

	static Stream<Row> rows() {
		String issuer = "https://issuer.example";
		String retry = "Retry-After: ";
		return Stream.of(
				row(400, "subprotocol-mode", null, "default", RawClient.handshake("/ws?webpubsub_mode=shout")),
				row(400, "forwarded", null, "none",
						RawClient.handshake("/client/hubs/open", "Forwarded: for=192.0.2.1", "X-Forwarded-For: 192.0.2.2")),
				malformed(400, "bad-request", null, "Host:", "Host: a:b:c").atNoHub(),
				malformed(400, "connection", null, "Connection:", "X-Not: here").atNoHub(),
				malformed(400, "connection", null, "Connection:", "Connection: keep-alive").atNoHub(),
				malformed(400, "version", null, "Sec-WebSocket-Version:", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13"),
				malformed(400, "bad-key", null, "Sec-WebSocket-Key:", "Sec-WebSocket-Key: short"),
				row(400, "body", null, "default", RawClient.handshake("/ws", "Content-Length: 1")),
				row(400, "query", null, "default", RawClient.handshake("/ws?a=%zz")),
				row(400, "subprotocol", null, "default", RawClient.handshake("/ws", "Sec-WebSocket-Protocol: a b")),
				row(401, "token-missing", "WWW-Authenticate: " + BEARER, "default", RawClient.handshake("/ws")),
				ticket("token-invalid", "nonsense"),
				ticket("token-expired", token("hawser", issuer, -60, "")),
				ticket("token-not-yet-valid", token("hawser", issuer, 900, ",\"nbf\":" + (Instant.now().getEpochSecond() + 600))),
				ticket("token-audience", token("other", issuer, 600, "")),
				ticket("token-issuer", token("hawser", "https://evil.example", 600, "")),
				row(403, "origin", null, "open", RawClient.handshake("/client/hubs/open", "Origin: https://evil.example")),
				malformed(405, "method", "Allow: GET", "GET", "POST /ws HTTP/1.1"),
				malformed(426, "no-upgrade", "Upgrade: websocket", "Upgrade:", "X-Not: here"),
				malformed(426, "http-version", "Upgrade: websocket", "GET", "GET /ws HTTP/1.0"),
				malformed(426, "version", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version:", "Sec-WebSocket-Version: 8"),
				row(429, "user-connections", retry, "user", RawClient.handshake(with("/client/hubs/user", good()))),
				row(429, "address-connections", retry, "address", RawClient.handshake("/client/hubs/address")),
				row(429, "address-handshake-rate", retry, "each", RawClient.handshake("/client/hubs/each")),
				row(414, "header-size", null, "none", RawClient.handshake("/ws?" + "x".repeat(9000))),
				row(431, "header-size", null, "none", RawClient.handshake("/ws", "X: " + "x".repeat(9000))),
				row(431, "header-count", null, "none", RawClient.handshake("/ws",
						Stream.generate(() -> "A: b").limit(100).toArray(String[]::new))),
				row(431, "subprotocol-length", null, "default", RawClient.handshake("/ws", "Sec-WebSocket-Protocol: " + "x".repeat(4097))),
				row(500, "callback", null, "broken", RawClient.handshake("/client/hubs/broken")),
				row(503, "full", retry, "full", RawClient.handshake("/client/hubs/full")),
				row(503, "handshake-rate", retry, "rate", RawClient.handshake("/client/hubs/rate")));
	}

	@ParameterizedTest
	@MethodSource("rows")
	void answersWithAProblemAndCountsIt(Row row) throws Exception {
		double before = counted(server, row);
		RawClient.Response answer = answer(server, row.request());
		for (int i = 0; i < 1000 && answer.status() == 101; i++) { // for the limits of rates: until the number for this second is used up
			answer = answer(server, row.request());
		}
		assertRefused(server, row, answer, before);
	}

	private static RawClient.Response answer(RunningHawser of, String... request) throws Exception {
		try (RawClient client = RawClient.connect(of.port())) {
			RawClient.Response answer = client.request(request).response();
			assertThat(answer.status() == 101 || client.ended()).as("the connection ends").isTrue();
			return answer;
		}
	}

	private static void assertRefused(RunningHawser by, Row row, RawClient.Response answer, double before) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(row.status());
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.header("Connection")).contains("close");
		JsonNode problem = JsonMapper.shared().readTree(answer.body());
		assertThat(problem.path("status").asInt()).isEqualTo(row.status());
		assertThat(problem.path("reason").asString()).as(answer.body()).isEqualTo(row.reason());
		assertThat(problem.path("title").asString()).isNotBlank();
		assertThat(problem.path("detail").asString()).endsWith(".");
		if (row.header() != null) {
			String[] header = row.header().split(": ", 2);
			assertThat(answer.header(header[0])).startsWith(header[1]).isNotEmpty();
		}
		assertThat(counted(by, row)).isEqualTo(before + 1);
	}

	private static double counted(RunningHawser by, Row row) {
		return by.bean(MeterRegistry.class).find("hawser.handshakes").tag("hub", row.hub()).tag("reason", row.reason()).counters()
				.stream().mapToDouble(Counter::count).sum();
	}

	/** {@link Callbacks} has callbacks for this hub, so the hub must exist. */
	private static final String BROKEN = "hawser.hubs.broken.handshake.token.required=false";

	private static final Row STOPPING = row(503, "stopping", "Retry-After: 1", "default", RawClient.handshake("/ws"));

	@Test
	void refusesAllClientsWhileDraining() throws Exception {
		try (RunningHawser draining = RunningHawser.start(Callbacks.class, BROKEN)) {
			draining.bean(Drain.class).begin();
			Awaitility.await().until(draining.bean(Drain.class)::turnsAway);
			assertRefused(draining, STOPPING, answer(draining, STOPPING.request()), 0);
		}
	}

	private static final Row MEMORY = row(503, "memory", "Retry-After: 5", "default", RawClient.handshake("/ws"));

	@Test
	void turnsNewClientsAwayWhileMemoryIsTight() throws Exception {
		try (RunningHawser small = RunningHawser.start(Callbacks.class, BROKEN, "hawser.memory.budget=1MB")) {
			MemoryBudget.Account other = small.bean(MemoryBudget.class).open(() -> {
			});
			other.add(1_000_000);
			assertRefused(small, MEMORY, answer(small, MEMORY.request()), 0);
			other.add(-1_000_000);
			assertThat(answer(small, MEMORY.request()).status()).isEqualTo(101);
		}
	}

	private static final Row VERIFIER = row(503, "verifier", "Retry-After: 5", "default",
			RawClient.handshake("/ws?access_token=" + DevelopmentToken.mint(RunningHawser.SECRET, List.of("hawser"))));

	@Test
	void refusesATokenThatCannotBeChecked() throws Exception {
		try (RunningHawser blind = RunningHawser.startAsConfigured(Callbacks.class,
				"hawser.handshake.token.introspection.url=" + deadIssuer.introspectionUrl(),
				BROKEN, "hawser.handshake.token.introspection.client-id=a", "hawser.handshake.token.introspection.client-secret=b")) {
			assertRefused(blind, VERIFIER, answer(blind, VERIFIER.request()), 0);
		}
	}

	@Test
	void coversWhatIsDocumented() throws Exception {
		Set<String> documented = new TreeSet<>();
		Matcher line = REFUSAL.matcher(Files.readString(Path.of("docs/troubleshooting.md")));
		while (line.find()) {
			Matcher reason = REASON.matcher(line.group(2));
			while (reason.find()) {
				documented.add(reason.group(1));
			}
		}
		Set<String> tested = Stream.concat(rows(), Stream.of(STOPPING, MEMORY, VERIFIER)).map(Row::reason)
				.collect(Collectors.toCollection(TreeSet::new));
		assertThat(documented).isEqualTo(tested);
	}
}
