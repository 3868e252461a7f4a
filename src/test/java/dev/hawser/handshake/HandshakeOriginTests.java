package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From which web pages a browser may connect. */
class HandshakeOriginTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Echo.class,
				"hawser.handshake.allowed-origins=https://app.example.com,https://b.example:8443,file://,app://*");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static Stream<Arguments> origins() {
		return Stream.of(
				row("no browser", 101),
				row("the server's own", 101, "Origin: http://localhost"),
				row("listed", 101, "Origin: https://app.example.com"),
				row("listed with its port", 101, "Origin: https://b.example:8443"),
				row("another", 403, "Origin: https://evil.example"),
				row("own name, other scheme", 403, "Origin: https://localhost"),
				row("own name, other port", 403, "Origin: http://localhost:8080"),
				row("listed name, other port", 403, "Origin: https://app.example.com:8443"),
				row("listed name without its port", 403, "Origin: https://b.example"),
				row("listed name as a prefix", 403, "Origin: https://app.example.com.evil.example"),
				row("listed name as a suffix", 403, "Origin: https://evil.example/https://app.example.com"),
				row("null, as from a sandboxed frame or a file", 403, "Origin: null"),
				row("empty", 403, "Origin:"),
				row("no URL", 403, "Origin: http://["),
				row("no URL either", 403, "Origin: http://]"),
				row("a port that is no number", 403, "Origin: http://localhost:port"),
				row("a port that is no port", 403, "Origin: http://localhost:99999"),
				row("a control character", 403, "Origin: http://local\u0085host"),
				row("the server's own in capitals", 101, "Origin: HTTP://LOCALHOST"),
				row("the server's own with its port", 101, "Origin: http://localhost:80"),
				row("of a file", 101, "Origin: file://"),
				row("of an application's own scheme", 101, "Origin: app://-"),
				row("a good one and a bad one", 403, "Origin: http://localhost", "Origin: https://evil.example"),
				row("a bad one and a good one", 403, "Origin: https://evil.example", "Origin: http://localhost"));
	}

	private static Arguments row(String label, int status, String... headers) {
		return Arguments.of(label, status, headers);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("origins")
	void checksTheOrigin(String label, int status, String[] headers) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws", headers))) {
			var answer = client.response();
			assertThat(answer.status()).as("%s", answer).isEqualTo(status);
			if (status == 403) {
				assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
				assertThat(answer.body()).contains("\"reason\":\"origin\"").doesNotContain("evil");
				assertThat(client.ended()).isTrue();
			}
		}
	}

	static Stream<Arguments> hosts() {
		return Stream.of(
				Arguments.of("LOCALHOST:9501", "http://localhost:9501", 101),
				Arguments.of("localhost:9501", "http://LocalHost:9501", 101),
				Arguments.of("chat_app:9501", "http://chat_app:9501", 101),
				Arguments.of("chat_app:9501", "http://chat-app:9501", 403),
				Arguments.of("localhost:80", "http://localhost", 101),
				Arguments.of("[::1]:9501", "http://[::1]:9501", 101),
				Arguments.of("[0:0::1]:9501", "http://[::1]:9501", 101),
				Arguments.of("localhost:9501", "http://localhost", 403),
				Arguments.of("localhost:9501", "https://localhost:9501", 403),
				Arguments.of("localhost:9501", "http://localhost:09501", 101),
				Arguments.of("localhost", "http://localhost@evil.example", 403),
				Arguments.of("localhost", "http://evil.example/localhost", 403));
	}

	/** Once as a plain handshake, and once with a tab, which makes it go the long way. */
	@ParameterizedTest(name = "a page of {1} at {0}: {2}")
	@MethodSource("hosts")
	void comparesHostsAndNotLetters(String host, String origin, int status) throws Exception {
		for (String blank : List.of(" ", "\t")) {
			String[] request = RawClient.handshake("/ws", "Origin:" + blank + origin);
			request[1] = "Host:" + blank + host;
			try (RawClient client = RawClient.connect(server.port()).request(request)) {
				assertThat(client.response().status()).as(blank.equals(" ") ? "short" : "long").isEqualTo(status);
			}
		}
	}

	@Test
	void letsPagesOfTheOwnMachineConnectWhileNoKeyIsConfigured() throws Exception {
		try (RunningHawser development = RunningHawser.startAsConfigured(Echo.class, "hawser.handshake.token.required=false")) {
			try (RawClient client = RawClient.connect(development.port())
					.request(RawClient.handshake("/ws", "Origin: http://localhost:5173"))) {
				assertThat(client.response().status()).isEqualTo(101);
			}
			try (RawClient client = RawClient.connect(development.port())
					.request(RawClient.handshake("/ws", "Origin: http://evil.example"))) {
				assertThat(client.response().status()).isEqualTo(403);
			}
		}
	}

	@Test
	void allowsEveryOriginWithAStar() throws Exception {
		try (RunningHawser open = RunningHawser.start(Echo.class, "hawser.handshake.allowed-origins=*");
				RawClient client = RawClient.connect(open.port())
						.request(RawClient.handshake("/ws", "Origin: https://anywhere.example"))) {
			assertThat(client.response().status()).isEqualTo(101);
		}
	}
}
