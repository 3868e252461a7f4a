package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.OnMessage;
import dev.hawser.push.rest.ApiCaller.Answered;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** What holds for every operation of the push API: who may use it, what else its path answers, and which form errors have. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PushApiRulesTests {
	private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
	private RunningHawser running;
	private ApiCaller api;

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}
	}

	private static String key(Verb verb) {
		return "key-for-one-verb-key-for-one-verb-" + verb;
	}

	@BeforeAll
	void start() {
		List<String> properties = new ArrayList<>(List.of("hawser.push.keys[0].secret=" + PushTokens.KEY,
				"hawser.request.body-size=1KB", "hawser.push.at-once=3"));
		int number = 1;
		for (Verb verb : Verb.values()) {
			properties.add("hawser.push.keys[" + number + "].secret=" + key(verb));
			properties.add("hawser.push.keys[" + number + "].verbs=" + verb);
			number++;
		}
		running = RunningHawser.start(Callbacks.class, properties.toArray(String[]::new));
		api = new ApiCaller(running.operationsPort(), PushTokens.KEY);
	}

	@AfterAll
	void stop() {
		api.close();
		running.close();
	}

	private Stream<Route> routes() {
		return running.bean(Routes.class).all().stream();
	}

	private static String path(Route route) {
		return "/hubs/default/" + String.join("/", route.pattern().stream().map(part -> part.equals("{}") ? "sendToGroup" : part).toList());
	}

	/** The answers of operations are other classes' tests; here each must get in and not fail. */
	private static void assertCarriedOut(Answered answer) {
		assertThat(answer.status()).as(answer.toString()).isIn(200, 202, 204, 404, 415);
		assertThat(answer.header("x-ms-error-code")).isNotIn("NotFound", "HubNotFound", "Forbidden");
	}

	@ParameterizedTest
	@MethodSource("routes")
	void needsAKeyForItsVerb(Route route) throws Exception {
		for (Verb verb : Verb.values()) {
			try (ApiCaller caller = new ApiCaller(running.operationsPort(), key(verb))) {
				Answered answer = caller.call(route.method(), path(route));
				if (verb == route.verb()) {
					assertCarriedOut(answer);
				}
				else {
					assertThat(answer.status()).isEqualTo(403);
					assertThat(answer.header("x-ms-error-code")).isEqualTo("Forbidden");
					assertThat(caller.call(route.method(), path(route).replace("default", "nowhere")).status())
							.as("does not tell that there is no such hub").isEqualTo(403);
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("routes")
	void answersOtherMethodsWithThoseOfThePath(Route route) throws Exception {
		List<String> known = routes().filter(each -> path(each).equals(path(route))).map(Route::method).sorted().toList();
		for (String method : METHODS) {
			Answered answer = api.call(method, path(route));
			if (known.contains(method)) {
				assertCarriedOut(answer);
			}
			else {
				assertThat(answer.status()).as(method + " " + path(route)).isEqualTo(405);
				assertThat(answer.header("Allow")).isEqualTo(String.join(", ", known));
				assertThat(answer.header("x-ms-error-code")).isEqualTo("MethodNotAllowed");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("routes")
	void checksHubAndVersion(Route route) throws Exception {
		assertThat(api.call(route.method(), path(route).replace("default", "nowhere")).header("x-ms-error-code")).isEqualTo("HubNotFound");
		for (String bad : List.of("2020-01-01", "x", "2024-12-01-preview")) {
			assertThat(api.call(route.method(), path(route) + "?api-version=" + bad).header("x-ms-error-code"))
					.isEqualTo("UnsupportedApiVersion");
		}
		for (String good : List.of("2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01")) {
			assertCarriedOut(api.call(route.method(), path(route) + "?api-version=" + good));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/hubs/default", "/hubs/default/send", "/hubs/default/:Send", "/hubs/default/%3Asend/x",
			"/hubs/default/connections",
			"/hubs/default/users/a/:send/b", "/hubs/default/groups", "/hubs/default/permissions/sendToGroup", "/hubs/default/hawser",
			"/hubs/default/hawser/connections/a/b" })
	void answers404ForOtherPaths(String path) throws Exception {
		for (String method : List.of("GET", "POST")) {
			Answered answer = api.call(method, path);
			assertThat(answer.status()).isEqualTo(404);
			assertThat(answer.code()).isEqualTo("NotFound");
		}
	}

	@Test
	void writesProblemDocumentsForThoseWhoAskForThem() throws Exception {
		Answered answer = api.call("POST", "/hubs/default/:send", "Accept", "application/json;q=0.5, application/problem+json");
		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.header("x-ms-error-code")).isEqualTo("UnsupportedMediaType");
		assertThat(answer.json().path("type").asString()).isEqualTo("about:blank");
		assertThat(answer.json().path("status").asInt()).isEqualTo(415);
		assertThat(answer.json().path("target").asString()).isEqualTo("Content-Type");
		assertThat(answer.json().path("detail").asString()).startsWith("Send the message with Content-Type");
		for (String accept : List.of("*/*", "text/html", "application/json")) { // never 406
			assertThat(api.call("POST", "/hubs/default/:send", "Accept", accept).header("Content-Type")).isEqualTo("application/json");
		}
	}

	private String url(String path) {
		return "http://localhost:" + running.operationsPort() + path;
	}

	/** Jetty refuses the first two, and the last one only while its body is read. */
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 1025", "Content-Length: 99999999999", "Transfer-Encoding: chunked" })
	void boundsBodies(String header) throws Exception {
		String path = "/api/hubs/default/:send";
		try (RawClient client = RawClient.connect(running.operationsPort()).request("POST " + path + " HTTP/1.1",
				"Host: localhost:" + running.operationsPort(), PushTokens.header(url(path)), "Content-Type: text/plain", header)) {
			if (header.contains("chunked")) {
				client.send(("401\r\n" + "x".repeat(1025) + "\r\n0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			}
			RawClient.Response response = client.response();
			assertThat(response.status()).as(response.toString()).isEqualTo(413);
			assertThat(response.header("Content-Type")).isEqualTo("application/json");
			assertThat(response.header("x-ms-error-code")).isEqualTo("PayloadTooLarge");
			assertThat(response.body()).contains("\"code\":\"PayloadTooLarge\"", "hawser.request.body-size");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x\r\n", "5\r\nab", "-1\r\n" })
	void refusesABodyThatIsBroken(String body) throws Exception {
		String path = "/api/hubs/default/:send";
		try (RawClient client = RawClient.connect(running.operationsPort()).request("POST " + path + " HTTP/1.1",
				"Host: localhost:" + running.operationsPort(), PushTokens.header(url(path)), "Content-Type: text/plain",
				"Transfer-Encoding: chunked")) {
			client.send(body.getBytes(StandardCharsets.US_ASCII));
			client.socket().shutdownOutput();
			RawClient.Response response = client.response();
			assertThat(response.status()).as(response.toString()).isEqualTo(400);
			assertThat(response.header("Content-Type")).isEqualTo("application/json");
		}
	}

	@Test
	void boundsTheRequestsThatAreUnderWay() throws Exception {
		String path = "/api/hubs/default/:send";
		try (RawClient one = begun(path); RawClient two = begun(path); RawClient three = begun(path)) {
			await().until(() -> {
				Answered answer = api.text("/hubs/default/:send", "x");
				assertThat(answer.status()).isIn(202, 503);
				return answer.status() == 503 && "1".equals(answer.header("Retry-After")) && answer.code().equals("ServerBusy");
			});
			for (RawClient each : List.of(one, two, three)) {
				each.send("x".getBytes(StandardCharsets.US_ASCII));
				assertThat(each.response().status()).isEqualTo(202);
			}
		}
		assertThat(api.text("/hubs/default/:send", "x").status()).isEqualTo(202);
		assertThat(running.bean(MeterRegistry.class).get("hawser.push.refused").tag("reason", "busy").counter().count()).isPositive();
	}

	/** Refused by the door, and by the query's reader. Of a path with {@code %zz} or a NUL, Jetty tells nothing: it is no HTTP. */
	@ParameterizedTest
	@ValueSource(strings = { "/api/hubs/default/users/%ff/:send",
			"/api/hubs/default/users/%c3%28/:send", "/api/hubs/default/:send?filter=%zz", "/api/hubs/default/:send?filter=%ff",
			"/api/hubs/default/users/a;b/:send" })
	void refusesBadPercentEncodingInItsOwnForm(String path) throws Exception {
		RawClient.Response response = ApiDoorTests.ask(running.operationsPort(), "POST", path,
				PushTokens.bearer(PushTokens.sign(PushTokens.KEY, Map.of("aud", List.of(url(path), url(path).replaceAll("\\?.*", ""))))),
				"Content-Type: text/plain", "Content-Length: 0");
		assertThat(response.status()).as(response.toString()).isEqualTo(400);
		assertThat(response.header("x-ms-error-code")).isEqualTo("BadRequest");
		assertThat(response.header("Content-Type")).isEqualTo("application/json");
		assertThat(response.body()).contains("\"code\":\"BadRequest\"");
	}

	private RawClient begun(String path) throws Exception {
		return RawClient.connect(running.operationsPort()).request("POST " + path + " HTTP/1.1",
				"Host: localhost:" + running.operationsPort(), PushTokens.header(url(path)), "Content-Type: text/plain",
				"Content-Length: 1");
	}

	@Test
	void timesRequestsByOperation() throws Exception {
		MeterRegistry registry = running.bean(MeterRegistry.class);
		api.text("/hubs/default/users/x/:send", "x");
		api.call("POST", "/hubs/default/users/x/:send");
		assertThat(registry.get("hawser.push.requests").tag("operation", "sendToUser").tag("outcome", "done").timer().count()).isPositive();
		assertThat(registry.get("hawser.push.requests").tag("operation", "sendToUser").tag("outcome", "refused").timer().count())
				.isPositive();
		assertThat(registry.find("hawser.push.requests").timers()).allSatisfy(timer -> assertThat(timer.getId().getTag("operation"))
				.isIn(Stream.concat(routes().map(Route::name), Stream.of("none")).toList()));
	}

	@Test
	void namesVerbsAsTheSettingsDo() {
		assertThat(Verb.values()).allSatisfy(verb -> assertThat(verb.word()).isEqualTo(verb.name().toLowerCase(Locale.ROOT)));
	}
}
