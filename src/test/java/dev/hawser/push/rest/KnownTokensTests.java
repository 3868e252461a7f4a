package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import dev.hawser.push.rest.PushKeys.Signed;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.InvalidTokenException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that was good for a URL before is not verified again, and is otherwise judged as at the first time. */
class KnownTokensTests {
	private static final String KEY = PushTokens.KEY;
	private static final String NEW = "new-key-new-key-new-key-new-key-new-key-0123";
	private static final String PATH = "/api/hubs/default/no-such-route";
	@TempDir
	private static Path folder;
	private static RunningHawser server;

	@BeforeAll
	static void start() throws Exception {
		configure(KEY);
		server = RunningHawser.start(Echo.class, "hawser.operations.key=" + PushKeyTests.OPERATOR, "hawser.push.failures-per-address=0",
				"spring.config.additional-location=" + folder.toUri());
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static void configure(String key) throws Exception {
		Files.writeString(folder.resolve("application.yaml"), "hawser.push.key: " + key + "\n");
	}

	private static int ask(String path, String token) throws Exception {
		Response response = ApiDoorTests.ask(server.operationsPort(), "GET", path, PushTokens.bearer(token));
		assertThat(response.header("x-ms-error-code")).isNotNull();
		return response.status();
	}

	private static String url(String path) {
		return "http://localhost:" + server.operationsPort() + path;
	}

	private static String token(Duration lifetime) {
		return PushTokens.sign(JWSAlgorithm.HS256, KEY, Map.of("aud", url(PATH)), lifetime);
	}

	@Test
	void isNotVerifiedAgain() throws Exception {
		PushKeys keys = server.bean(PushKeys.class);
		String token = PushTokens.sign(KEY, Map.of("aud", List.of("http://localhost:1" + PATH)));
		Signed first = keys.admit(token, "http://localhost:1", PATH, "a=b");
		assertThat(keys.admit(token, "http://localhost:1", PATH, "a=b")).isSameAs(first);
		assertThat(keys.admit(token, "http://localhost:1", PATH, "a=c")).isNotSameAs(first);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/hubs/default/no-such-routE/x", "/api/hubs/default/other", "/api/hubs/other/no-such-route",
			"/api/hubs/default/%6eo-such-route?a=b&c" })
	void isGoodForItsUrlOnly(String other) throws Exception {
		String token = token(Duration.ofMinutes(1));
		assertThat(ask(PATH, token)).isEqualTo(404);
		assertThat(ask(PATH, token)).isEqualTo(404);
		assertThat(ask(other, token)).isEqualTo(other.contains("%6e") ? 404 : 401);
		assertThat(ask(PATH, token.substring(0, token.length() - 3) + "AAA")).isEqualTo(401);
	}

	/** Clocks may differ by five minutes, so this token expires in three seconds. */
	@Test
	void expires() throws Exception {
		String token = token(Duration.ofMinutes(-5).plusSeconds(3));
		assertThat(ask(PATH, token)).isEqualTo(404);
		await().until(() -> ask(PATH, token) == 401);
		assertThat(server.bean(PushKeys.class).settings().clockSkew()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void isForgottenByAReload() throws Exception {
		String token = token(Duration.ofMinutes(1));
		assertThat(ask(PATH, token)).isEqualTo(404);
		configure(NEW);
		try {
			PushKeyTests.reload(server, 200);
			assertThat(ask(PATH, token)).isEqualTo(401);
		}
		finally {
			configure(KEY);
			PushKeyTests.reload(server, 200);
		}
		assertThat(ask(PATH, token)).isEqualTo(404);
	}

	@Test
	void areBounded() throws Exception {
		KnownTokens known = new KnownTokens();
		PushKeys keys = server.bean(PushKeys.class);
		Signed signed = keys.verify(PushTokens.sign(KEY, Map.of("aud", "x")));
		for (int i = 0; i < 2000; i++) {
			known.add(KnownTokens.key("t".repeat(8000) + i, "u"), signed);
		}
		long left = 0;
		for (int i = 0; i < 2000; i++) {
			left += known.find(KnownTokens.key("t".repeat(8000) + i, "u")) == null ? 0 : 1;
		}
		assertThat(left).isBetween(1L, 250L);
	}

	@Test
	void tellsTokensAndUrlsApart() {
		assertThat(KnownTokens.key("ab", "c")).isEqualTo(KnownTokens.key("ab", "c")).isNotEqualTo(KnownTokens.key("a", "bc"));
	}

	@Test
	void isRefusedAsAnyOtherOnce() {
		PushKeys keys = server.bean(PushKeys.class);
		String strange = PushTokens.sign(NEW, Map.of("aud", "http://localhost:1" + PATH));
		for (int i = 0; i < 2; i++) {
			assertThatThrownBy(() -> keys.admit(strange, "http://localhost:1", PATH, null))
					.isInstanceOf(InvalidTokenException.class);
		}
	}
}
