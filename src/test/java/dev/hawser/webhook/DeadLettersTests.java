package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of events that are not delivered, and what an operator can do with them. */
@ReadsLog
class DeadLettersTests {
	private static final String KEY = "operators-only-operators-only-operators-only";

	@TempDir
	private Path folder;
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	private RunningHawser server(String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.operations.key=" + KEY, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0"));
		all.addAll(List.of(properties));
		return RunningHawser.start(NoCallbacks.class, all.toArray(String[]::new));
	}

	private static HttpResponse<String> ask(RunningHawser server, String method, String more, String body) throws Exception {
		HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + server.operationsPort() + "/actuator/deadletters" + more))
				.timeout(Duration.ofMinutes(1)).header("Authorization", "Bearer " + KEY).header("Content-Type", "application/json")
				.method(method, HttpRequest.BodyPublishers.ofString(body)).build();
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(request, HttpResponse.BodyHandlers.ofString());
		}
	}

	private static JsonNode list(RunningHawser server, String query) throws Exception {
		HttpResponse<String> answer = ask(server, "GET", query, "");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(answer.body());
	}

	private static JsonNode letters(RunningHawser server, int count) throws Exception {
		await().until(() -> list(server, "").path("deadLetters").size() == count);
		return list(server, "").path("deadLetters");
	}

	private static double dead(RunningHawser server, String why) {
		return server.bean(MeterRegistry.class).get("hawser.webhooks.dead").tags("hub", "default", "why", why).counter().count();
	}

	// Which events become dead letters.

	@ParameterizedTest
	@CsvSource({ "max-age=1ms, age, 503, status 503", "max-undelivered=0, full, 503, status 503", "max-age=1h, refused, 404, status 404",
			"max-age=1h, refused, 302, status 302" })
	void keepsWhatABackendDoesNotTake(String setting, String why, int status, String last, CapturedOutput log) throws Exception {
		backend.answer("disconnected", FakeBackend.status(status));
		try (RunningHawser server = server("hawser.webhooks." + setting)) {
			server.connect().close();
			Call tried = backend.event("disconnected");
			JsonNode letter = letters(server, 1).path(0);
			assertThat(letter.path("hub").asString()).isEqualTo("default");
			assertThat(letter.path("event").asString()).isEqualTo("disconnected");
			assertThat(letter.path("connectionId").asString()).isEqualTo(tried.header("ce-connectionId"));
			assertThat(letter.path("webhookId").asString()).isEqualTo(tried.header("webhook-id"));
			assertThat(letter.path("time").asString()).startsWith(Objects.requireNonNull(tried.header("ce-time")).substring(0, 19));
			assertThat(letter.path("why").asString()).isEqualTo(why);
			assertThat(letter.path("last").asString()).isEqualTo(last);
			assertThat(letter.path("attempts").asInt()).isPositive();
			assertThat(letter.path("size").asInt()).isEqualTo(tried.body().length);
			assertThat(letter.propertyNames()).as("no body").hasSize(11);
			assertThat(dead(server, why)).isEqualTo(1);
			await().untilAsserted(() -> assertThat(log).contains("1 events of hub default (" + why + ") were not delivered"));
		}
	}

	@Test
	void keepsARefusedEventAndGoesOnWithTheNext() throws Exception {
		backend.answer("connected", FakeBackend.status(410)).answer("message", FakeBackend.text("fine"));
		try (RunningHawser server = server(); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			assertThat(letters(server, 1).path(0).path("event").asString()).isEqualTo("connected");
		}
	}

	// What an operator does with them.

	@Test
	void sendsAgainWithTheIdsOfTheFirstTimeAndInOrder() throws Exception {
		backend.answer("connected", FakeBackend.status(404)).answer("disconnected", FakeBackend.status(404));
		try (RunningHawser server = server()) {
			server.connect().close();
			List<Call> first = List.of(backend.event("connected"), backend.event("disconnected"));
			letters(server, 2);
			backend.answer("connected", FakeBackend.status(204)).answer("disconnected", FakeBackend.status(204));
			HttpResponse<String> answer = ask(server, "POST", "", "{\"hub\":\"default\"}");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
			assertThat(answer.body()).isEqualTo("{\"letters\":2}");
			for (Call before : first) {
				Call again = backend.event();
				assertThat(again.event()).isEqualTo(before.event());
				assertThat(again.header("webhook-id")).isEqualTo(before.header("webhook-id"));
				assertThat(again.header("ce-id")).isEqualTo(before.header("ce-id"));
				assertThat(again.header("ce-time")).isEqualTo(before.header("ce-time"));
				assertThat(again.body()).isEqualTo(before.body());
			}
			assertThat(letters(server, 0)).isEmpty();
		}
	}

	@Test
	void sendsOrDiscardsOneOfThem() throws Exception {
		backend.answer("disconnected", FakeBackend.status(404));
		try (RunningHawser server = server()) {
			for (int i = 0; i < 3; i++) {
				server.connect().close();
				backend.event("disconnected");
				letters(server, i + 1);
			}
			JsonNode three = letters(server, 3);
			String one = three.path(0).path("id").asString();
			String two = three.path(1).path("id").asString();
			assertThat(ask(server, "POST", "/" + one, "").statusCode()).isEqualTo(202);
			await().until(() -> list(server, "").path("deadLetters").path(0).path("attempts").asInt() == 2);
			assertThat(letters(server, 3).path(0).path("id").asString()).as("it stays, as it is refused again").isEqualTo(one);
			backend.answer("disconnected", FakeBackend.status(204));
			assertThat(ask(server, "POST", "/" + one, "").statusCode()).isEqualTo(202);
			letters(server, 2);
			assertThat(ask(server, "POST", "/" + one, "").statusCode()).isEqualTo(404);
			assertThat(ask(server, "DELETE", "/" + two, "").statusCode()).isEqualTo(200);
			assertThat(ask(server, "DELETE", "/" + two, "").statusCode()).isEqualTo(404);
			assertThat(ask(server, "DELETE", "?hub=other", "").body()).isEqualTo("{\"letters\":0}");
			assertThat(ask(server, "DELETE", "?hub=*", "").body()).isEqualTo("{\"letters\":1}");
			assertThat(letters(server, 0)).isEmpty();
		}
	}

	@Test
	void leavesTheRestAloneWhileTheBackendIsAway() throws Exception {
		backend.answer("disconnected", FakeBackend.status(404));
		try (RunningHawser server = server("hawser.hubs.default.webhooks[0].events=disconnected")) {
			for (int i = 0; i < 40; i++) {
				server.connect().close();
			}
			letters(server, 40);
			backend.die();
			ask(server, "POST", "", "{\"hub\":\"*\"}");
			await().until(() -> list(server, "").path("deadLetters").path(0).path("attempts").asInt() == 2);
			await().until(() -> server.bean(MeterRegistry.class).get("hawser.webhooks.calls").tag("hub", "default").gauge().value() == 0);
			long again = list(server, "").path("deadLetters").valueStream().filter(one -> one.path("attempts").asInt() > 1).count();
			assertThat(again).isBetween(1L, 16L);
			backend.revive();
		}
	}

	@Test
	void isListedInPages() throws Exception {
		backend.answer("disconnected", FakeBackend.status(404));
		try (RunningHawser server = server()) {
			for (int i = 0; i < 5; i++) {
				server.connect().close();
			}
			letters(server, 5);
			List<String> ids = new ArrayList<>();
			String next = "";
			for (int pages = 0; pages < 3; pages++) {
				JsonNode page = list(server, "?hub=default&limit=2" + next);
				page.path("deadLetters").forEach(one -> ids.add(one.path("id").asString()));
				assertThat(page.path("byHub").path("default").asInt()).isEqualTo(5);
				next = "&after=" + page.path("next").asString("none");
			}
			assertThat(next).as("there is no fourth page").isEqualTo("&after=none");
			assertThat(ids).hasSize(5).doesNotHaveDuplicates().isSorted();
			assertThat(list(server, "?hub=other").path("deadLetters")).isEmpty();
			assertThat(list(server, "").path("durable").asBoolean()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "?limit=0", "?limit=1001", "?limit=x", "?limit=-1", "?limit=1.5", "?after=none", "?after=-1" })
	void refusesToListNonsense(String query) throws Exception {
		try (RunningHawser server = server()) {
			HttpResponse<String> refusal = ask(server, "GET", query, "");
			assertThat(refusal.statusCode()).isEqualTo(400);
			assertThat(refusal.body())
					.contains(query.startsWith("?limit") ? "'limit' must be an integer from 1 to 1000." : "'after' must be the 'next'");
		}
	}

	@Test
	void discardsNothingByMistake() throws Exception {
		backend.answer("disconnected", FakeBackend.status(404));
		try (RunningHawser server = server()) {
			server.connect().close();
			letters(server, 1);
			HttpResponse<String> ofNone = ask(server, "DELETE", "", "");
			assertThat(ofNone.statusCode()).as("no hub is named").isEqualTo(400);
			assertThat(ofNone.body()).contains("Name the hub whose letters are to be discarded");
			assertThat(ask(server, "POST", "", "{}").statusCode()).isEqualTo(400);
			assertThat(ask(server, "POST", "", "{}").body()).contains("Name the hub whose letters are to be sent again");
			assertThat(ask(server, "DELETE", "/999999999999999999999", "").statusCode()).isEqualTo(404);
			letters(server, 1);
			HttpRequest stranger = HttpRequest
					.newBuilder(URI.create("http://127.0.0.1:" + server.operationsPort() + "/actuator/deadletters?hub=*")).DELETE().build();
			try (HttpClient http = HttpClient.newHttpClient()) {
				assertThat(http.send(stranger, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
			}
		}
	}

	// What outlives the process.

	@Test
	void keepsThemOverARestart() throws Exception {
		backend.answer("disconnected", FakeBackend.status(404));
		String id;
		try (RunningHawser server = server("hawser.webhooks.folder=" + folder)) {
			server.connect().close();
			id = letters(server, 1).path(0).path("id").asString();
			assertThat(list(server, "").path("durable").asBoolean()).isTrue();
		}
		backend.answer("disconnected", FakeBackend.status(204));
		try (RunningHawser server = server("hawser.webhooks.folder=" + folder)) {
			assertThat(letters(server, 1).path(0).path("id").asString()).isEqualTo(id);
			assertThat(server.bean(MeterRegistry.class).get("hawser.webhooks.deadletters").tag("hub", "default").gauge().value())
					.isEqualTo(1);
			ask(server, "POST", "/" + id, "");
			letters(server, 0);
		}
		try (RunningHawser server = server("hawser.webhooks.folder=" + folder)) {
			assertThat(letters(server, 0)).isEmpty();
		}
	}

	/** How long an event has waited counts over a restart. */
	@Test
	void givesUpAfterARestartWhatHasWaitedLongEnoughBefore() throws Exception {
		backend.answer("connected", FakeBackend.status(503));
		Event.Origin of = new Event.Origin("default", "killed-1", "5f3c_1", null, null);
		Event old = new Event("connected", 1, Instant.now().minus(Duration.ofHours(2)), of, null, "application/json",
				"{}".getBytes(StandardCharsets.UTF_8));
		try (FileEventStore left = new FileEventStore(folder, Integer.MAX_VALUE)) {
			left.putDurably(new KeptEntry(new Entry(of, null, 1000, List.of(old))));
		}
		try (RunningHawser server = server("hawser.webhooks.folder=" + folder, "hawser.webhooks.max-age=1h")) {
			JsonNode letters = letters(server, 2);
			assertThat(letters.path(0).path("attempts").asInt()).as("it is tried once more").isEqualTo(1);
			assertThat(letters.path(0).path("event").asString()).isEqualTo("connected");
			assertThat(letters.path(1).path("event").asString()).as("what waits behind it goes with it").isEqualTo("disconnected");
			assertThat(letters.path(1).path("attempts").asInt()).isZero();
			assertThat(dead(server, "age")).isEqualTo(2);
		}
	}

	@Test
	void keepsTheEventsOfAHubWithoutWebhooks() throws Exception {
		String other = "hawser.hubs.other.webhooks[0].url=" + backend.url();
		backend.answer("disconnected", FakeBackend.status(503));
		try (RunningHawser server = server(other, "hawser.webhooks.folder=" + folder)) {
			RawClient.connect(server.port()).upgrade("/client/hubs/other").close();
			backend.event("disconnected");
		}
		backend.answer("disconnected", FakeBackend.status(204));
		try (RunningHawser server = server("hawser.webhooks.folder=" + folder)) {
			JsonNode letter = letters(server, 1).path(0);
			assertThat(letter.path("why").asString()).isEqualTo("unrouted");
			assertThat(ask(server, "POST", "/" + letter.path("id").asString(), "").statusCode()).isEqualTo(409);
		}
		try (RunningHawser server = server(other, "hawser.webhooks.folder=" + folder)) {
			ask(server, "POST", "", "{\"hub\":\"other\"}");
			letters(server, 0);
			assertThat(backend.event("disconnected").header("ce-hub")).isEqualTo("other");
		}
	}

	@Test
	void isAFileOfItsOwn() throws Exception {
		try (RunningHawser server = server("hawser.webhooks.folder=" + folder)) {
			assertThat(server.port()).isPositive();
			try (var files = Files.list(folder)) {
				assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("webhook-events.mv",
						"webhook-dead-letters.mv");
			}
		}
	}
}
