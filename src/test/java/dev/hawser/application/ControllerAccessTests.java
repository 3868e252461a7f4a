package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ClientToken;
import dev.hawser.api.OnMessage;
import dev.hawser.api.Operator;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.DevelopmentToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application's controllers: public, for operators, or for clients with a token. */
class ControllerAccessTests {
	private static final String KEY = "operator-key-operator-key-operator-key";
	private static final String OTHER = "other-secret-other-secret-other-secret-0123456789";
	private static RunningHawser server;

	/** An annotation on an interface counts for its implementations. */
	interface Audited {
		@Operator
		@GetMapping("/audit")
		String audit();
	}

	@RestController
	@RequestMapping("/mixed")
	static class Mixed implements Audited {
		@GetMapping("/public")
		String open() {
			return "open";
		}

		@Operator
		@PostMapping("/operator")
		String operator(@RequestBody String body) {
			return "operated " + body.length();
		}

		@ClientToken
		@GetMapping("/client")
		String client(@RequestAttribute(ClientToken.USER) @Nullable String user) {
			return "user " + user;
		}

		@Operator
		@ClientToken
		@GetMapping("/both")
		String both() {
			return "both";
		}

		@Override
		public String audit() {
			return "audit";
		}
	}

	@Operator
	static class ForOperators {
	}

	@RestController
	@RequestMapping("/inherited")
	static class Inherited extends ForOperators {
		@GetMapping
		String get() {
			return "inherited";
		}
	}

	@RestController
	@RequestMapping("/chat")
	@ClientToken(hub = "chat")
	static class Chat {
		@GetMapping("/class")
		String ofClass() {
			return "class";
		}

		@ClientToken
		@GetMapping("/method")
		String ofMethod() {
			return "method";
		}
	}

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}

		@Bean
		Mixed mixed() {
			return new Mixed();
		}

		@Bean
		Inherited inherited() {
			return new Inherited();
		}

		@Bean
		Chat chat() {
			return new Chat();
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Callbacks.class, "hawser.operations.key=" + KEY,
				"hawser.hubs.chat.handshake.token.secret=" + OTHER,
				"hawser.handshake.token.required=false");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static Response ask(String method, String path, String... headers) throws Exception {
		List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost"));
		lines.addAll(List.of(headers));
		try (RawClient client = RawClient.connect(server.port()).request(lines.toArray(String[]::new))) {
			return client.response();
		}
	}

	private static String bearer(String token) {
		return "Authorization: Bearer " + token;
	}

	@Test
	void isPublicWithoutAnAnnotation() throws Exception {
		assertThat(ask("GET", "/mixed/public").body()).isEqualTo("open");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/mixed/audit", "/inherited", "/mixed//audit", "/mixed/%61udit", "/inherited?x=1" })
	void letsOnlyOperatorsInHoweverThePathIsWritten(String path) throws Exception {
		assertThat(ask("GET", path).status()).isNotEqualTo(200);
		assertThat(ask("GET", path, bearer("x".repeat(KEY.length()))).status()).isNotEqualTo(200);
		assertThat(ask("GET", path, bearer(RunningHawser.token())).status()).isNotEqualTo(200);
		try (RawClient client = RawClient.connect(server.port()).request("HEAD " + path + " HTTP/1.1", "Host: localhost",
				"Connection: close")) {
			assertThat(client.rest()).startsWith("HTTP/1.1 4");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/mixed/audit", "/inherited" })
	void letsOperatorsIn(String path) throws Exception {
		assertThat(ask("GET", path, bearer(KEY)).status()).isEqualTo(200);
		Response refused = ask("GET", path);
		assertThat(refused.status()).isEqualTo(401);
		assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"operations\"");
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
	}

	/** The body never comes, and no answer waits for it. */
	@Test
	void refusesBeforeTheBody() throws Exception {
		assertThat(ask("POST", "/mixed/operator", "Content-Length: 1000", "Content-Type: text/plain").status()).isEqualTo(401);
		assertThat(ask("POST", "/mixed/operator", "Content-Length: 1000", "Content-Type: text/plain", "Expect: 100-continue").status())
				.isEqualTo(401);
	}

	@ParameterizedTest
	@CsvSource({ "/mixed/client,user developer", "/chat/method,method" })
	void letsClientsWithATokenOfTheirHubIn(String path, String body) throws Exception {
		assertThat(ask("GET", path, bearer(RunningHawser.token())).body()).isEqualTo(body);
		assertThat(ask("GET", path, bearer(DevelopmentToken.mint(OTHER, List.of("hawser")))).status()).isEqualTo(401);
	}

	@Test
	void takesTheHubOfTheClassWhereTheMethodNamesNone() throws Exception {
		assertThat(ask("GET", "/chat/class", bearer(DevelopmentToken.mint(OTHER, List.of("hawser")))).body()).isEqualTo("class");
		assertThat(ask("GET", "/chat/class", bearer(RunningHawser.token())).status()).isEqualTo(401);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			token-missing | X: y
			token-missing | Cookie: access_token=TOKEN
			token-missing | Authorization: Basic TOKEN
			token-invalid | Authorization: Bearer nonsense
			""")
	void refusesClientsWithoutAGoodTokenInTheHeader(String reason, String header) throws Exception {
		Response refused = ask("GET", "/mixed/client?access_token=" + RunningHawser.token(),
				header.replace("TOKEN", RunningHawser.token()));
		assertThat(refused.status()).isEqualTo(401);
		assertThat(refused.body()).contains("\"reason\":\"" + reason + '"');
		assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer realm=\"hawser\"");
	}

	@Test
	void demandsBothWhereBothAreWritten() throws Exception {
		assertThat(ask("GET", "/mixed/both", bearer(KEY)).status()).isEqualTo(401);
		assertThat(ask("GET", "/mixed/both", bearer(RunningHawser.token())).status()).isEqualTo(401);
	}

	@Test
	void refusesOperatorsWhereNoKeyIsConfigured() throws Exception {
		try (RunningHawser without = RunningHawser.start(Callbacks.class);
				RawClient client = RawClient.connect(without.port()).request("GET /inherited HTTP/1.1", "Host: localhost", bearer(""))) {
			Response refused = client.response();
			assertThat(refused.status()).isEqualTo(403);
			assertThat(refused.body()).contains("Set hawser.operations.key to use this.");
		}
	}
}
