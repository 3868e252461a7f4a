package dev.hawser.token;

import static dev.hawser.testing.MisbehavingServer.endless;
import static dev.hawser.testing.MisbehavingServer.once;
import static dev.hawser.testing.MisbehavingServer.thenHangUp;
import static dev.hawser.testing.MisbehavingServer.trickle;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.MisbehavingServer;
import dev.hawser.testing.SigningKey;
import dev.hawser.token.TokenTesting.MovableClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No answer of an issuer leaves a socket behind, or takes longer than the deadline. */
class IssuerFaultTests {
	private static final SigningKey KEY = SigningKey.of("ES256");
	private static final String CLAIMS = TokenTesting.claims("https://a.example");
	private static final String OK = "HTTP/1.1 200 OK\r\n";
	private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
	private static final String HINT = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
	private static final String GOOD = answer("{\"active\":true,\"aud\":\"hawser\"}");
	private static final int REQUESTS = 20;

	private static String answer(String body) {
		return OK + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	static Stream<Arguments> faults() {
		return Stream.of(
				Arguments.of("endless headers", endless(OK, "X-Some: header\r\n")),
				Arguments.of("an endless header", endless(OK + "X: ", "x")),
				Arguments.of("an endless status line", endless("HTTP/1.1 200 ", "O")),
				Arguments.of("headers that trickle", trickle(OK, "X: y\r\n")),
				Arguments.of("nine interim answers", once(HINT.repeat(9))),
				Arguments.of("nine interim answers, then it hangs up", thenHangUp(HINT.repeat(9))),
				Arguments.of("nine interim answers, then a good one", once(HINT.repeat(9) + GOOD)),
				Arguments.of("endless interim answers", endless("", HINT)),
				Arguments.of("interim answers that trickle", trickle("", "HTTP/1.1 100 Continue\r\n\r\n")),
				Arguments.of("an interim answer with endless headers", endless("HTTP/1.1 103 Early Hints\r\n", "X-Some: header\r\n")),
				Arguments.of("another protocol", once("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")),
				Arguments.of("an endless body", endless(OK + "Content-Length: 9999999999\r\n\r\n{\"a\":\"", "x")),
				Arguments.of("an endless body without a length", endless(OK + "\r\n{\"a\":\"", "x")),
				Arguments.of("an endless body in chunks", endless(CHUNKED, "1\r\n \r\n")),
				Arguments.of("a body in very many pieces", once(CHUNKED + "1\r\n \r\n".repeat(20_000) + "1e\r\n"
						+ "{\"active\":true,\"aud\":\"hawser\"}" + "\r\n0\r\n\r\n")),
				Arguments.of("a body that trickles", trickle(CHUNKED, "1\r\n \r\n")),
				Arguments.of("an endless chunk extension", endless(CHUNKED + "1;", "x")),
				Arguments.of("endless trailers", endless(CHUNKED + "0\r\n", "X-Some: trailer\r\n")),
				Arguments.of("a length that is none", once(OK + "Content-Length: x\r\n\r\n{}")),
				Arguments.of("a negative length", once(OK + "Content-Length: -1\r\n\r\n{}")),
				Arguments.of("two lengths", once(OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")),
				Arguments.of("no end of the body", once(OK + "Content-Length: 100\r\n\r\n{}")),
				Arguments.of("a body that breaks off", thenHangUp(OK + "Content-Length: 100\r\n\r\n{}")),
				Arguments.of("compressed", thenHangUp(OK + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u001f\u008b")),
				Arguments.of("no HTTP", once("SSH-2.0-OpenSSH\r\n")),
				Arguments.of("endless noise", endless("", "\u0000\u00ff")),
				Arguments.of("nothing", once("")),
				Arguments.of("it hangs up", thenHangUp("")));
	}

	private static String[] introspection(MisbehavingServer server) {
		return new String[] { "introspection.url=" + server.url(), "introspection.client-id=a", "introspection.client-secret=b",
				"timeout=500ms" };
	}

	private static String[] patient(MisbehavingServer server) {
		String[] properties = introspection(server);
		properties[3] = "timeout=1m";
		return properties;
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("faults")
	void leavesNoSocketBehindWhenTokensAreAskedAbout(String label, MisbehavingServer.Answer fault) throws Exception {
		try (MisbehavingServer server = new MisbehavingServer(fault);
				TokenVerifier verifier = TokenTesting.verifier(settings(introspection(server)), new MovableClock())) {
			for (int i = 0; i < 3; i++) {
				assertThat(verdict(verifier, "made-up-" + i)).isEqualTo("unavailable");
			}
			await().until(() -> server.open() == 0);
			server.answer(once(GOOD));
			await().until(() -> verdict(verifier, "good").equals("ok"));
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("faults")
	void leavesNoSocketBehindWhenKeysAreFetched(String label, MisbehavingServer.Answer fault) throws Exception {
		MovableClock clock = new MovableClock();
		try (MisbehavingServer server = new MisbehavingServer(fault);
				TokenVerifier verifier = TokenTesting.verifier(settings("jwks.url=" + server.url(), "timeout=500ms"), clock)) {
			assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("unavailable");
			await().until(() -> server.requests() > 0 && server.open() == 0);
			server.answer(once(answer("{\"keys\":[" + KEY.jwk("k1") + "]}")));
			await().until(() -> {
				clock.pass(Duration.ofSeconds(31));
				return verdict(verifier, KEY.signAs("k1", CLAIMS)).equals("ok");
			});
		}
	}

	@Test
	void readsAGoodAnswerHoweverItComes() throws Exception {
		String body = "{\"active\":true,\"aud\":\"hawser\"}";
		List<MisbehavingServer.Answer> answers = List.of(once(GOOD), once(HINT + GOOD), once(HINT.repeat(8) + GOOD),
				once("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 x\r\n\r\n" + GOOD),
				once(OK + "X: " + "x".repeat(8000) + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body),
				once(CHUNKED + Integer.toHexString(body.length()) + ";a=b\r\n" + body + "\r\n0\r\nX: trailer\r\n\r\n"),
				thenHangUp("HTTP/1.0 200 OK\r\n\r\n" + body), thenHangUp(OK + "Connection: close\r\n\r\n" + body));
		try (MisbehavingServer server = new MisbehavingServer(once(""))) {
			for (int i = 0; i < answers.size(); i++) {
				server.answer(answers.get(i));
				try (TokenVerifier verifier = TokenTesting.verifier(settings(patient(server)), new MovableClock())) {
					assertThat(verdict(verifier, "opaque")).as("answer %d", i).isEqualTo("ok");
				}
				await().until(() -> server.open() == 0);
			}
		}
	}

	@Test
	void asksManyTimesOverOneConnection() throws Exception {
		try (MisbehavingServer server = new MisbehavingServer(once(GOOD));
				TokenVerifier verifier = TokenTesting.verifier(settings(patient(server)), new MovableClock())) {
			for (int i = 0; i < REQUESTS; i++) {
				assertThat(verdict(verifier, "opaque" + i)).isEqualTo("ok");
			}
			assertThat(server.requests()).isEqualTo(REQUESTS);
			assertThat(server.open()).isEqualTo(1);
		}
	}

	/** Like the JDK's own client, which takes {@code https.proxyHost} and similar properties from the proxy selector. */
	@Test
	void goesThroughTheProxyOfTheJvm() throws Exception {
		ProxySelector before = ProxySelector.getDefault();
		try (MisbehavingServer proxy = new MisbehavingServer(once(answer("{\"a\":1}")));
				IssuerClient client = new IssuerClient(Duration.ofMinutes(1), true)) {
			int port = URI.create(proxy.url()).getPort();
			ProxySelector.setDefault(new ProxySelector() {
				@Override
				public List<Proxy> select(URI uri) {
					return uri.getHost().equals("issuer.invalid")
							? List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("127.0.0.1", port)))
							: List.of(Proxy.NO_PROXY);
				}

				@Override
				public void connectFailed(URI uri, SocketAddress address, IOException failure) {
				}
			});
			assertThat(client.get(URI.create("http://issuer.invalid/keys"))).containsEntry("a", 1L);
			assertThat(proxy.requests()).isEqualTo(1);
		}
		finally {
			ProxySelector.setDefault(before);
		}
	}
}
