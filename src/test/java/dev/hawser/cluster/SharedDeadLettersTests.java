package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import dev.hawser.webhook.SharedLetters;
import dev.hawser.webhook.SharedLetters.Fresh;
import dev.hawser.webhook.SharedLetters.Known;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dead letters that every node shows, sends again and discards, whichever has given them up. */
class SharedDeadLettersTests {
	private static final String KEY = "operators-key-operators-key-operators-key";
	private static final String LETTERS = "/actuator/deadletters";
	private final FakeBackend backend = FakeBackend.start();
	private final List<RunningHawser> nodes = new ArrayList<>();
	private RedisServer redis;

	@BeforeEach
	void start() throws Exception {
		redis = RedisServer.start();
		backend.answer("disconnected", FakeBackend.status(400));
	}

	@AfterEach
	void stop() throws Exception {
		redis.goOn();
		nodes.forEach(RunningHawser::close);
		redis.close();
		backend.close();
	}

	private RunningHawser node(String name) {
		List<String> properties = new ArrayList<>(List.of(redis.properties()));
		properties.addAll(List.of("hawser.node=" + name, "hawser.operations.key=" + KEY, "hawser.webhooks.dead-letters-size=1MB",
				"hawser.hubs.default.webhooks[0].url=" + backend.url(), "hawser.hubs.default.webhooks[0].retries=0"));
		RunningHawser node = RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new));
		nodes.add(node);
		await().until(() -> node.bean(Cluster.class).clusterNodes().mayPassOn());
		return node;
	}

	private static HttpResponse<String> call(RunningHawser node, String method, String path, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.operationsPort() + path))
				.header("Authorization", "Bearer " + KEY).header("Content-Type", "application/json")
				.method(method, HttpRequest.BodyPublishers.ofString(body)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode page(RunningHawser node, String query) throws Exception {
		return JsonMapper.shared().readTree(call(node, "GET", LETTERS + query, "").body());
	}

	private static int count(RunningHawser node) throws Exception {
		return page(node, "").path("deadLetters").size();
	}

	private void die(RunningHawser node) throws Exception {
		node.connect().close();
		Call _ = backend.event("disconnected");
	}

	@Test
	void showsSendsAgainAndDiscardsThemOnEveryNode() throws Exception {
		RunningHawser a = node("a");
		RunningHawser b = node("b");
		for (int i = 0; i < 3; i++) {
			die(a);
		}
		await().until(() -> count(b) == 3);
		JsonNode page = page(b, "?limit=2");
		assertThat(page.path("byHub").path("default").asInt()).isEqualTo(3);
		assertThat(page.path("durable").asBoolean()).isTrue();
		assertThat(page.path("bytes").asLong()).isPositive();
		JsonNode first = page.path("deadLetters").path(0);
		assertThat(first.path("why").asString()).isEqualTo("refused");
		assertThat(page(b, "?after=" + page.path("next").asString()).path("deadLetters").size()).isEqualTo(1);
		assertThat(page(b, "?hub=chat").path("deadLetters").size()).isZero();
		await().until(() -> gauge(a) == 3 && gauge(b) == 3);
		a.close();
		nodes.remove(a);
		assertThat(count(b)).as("they outlive the node").isEqualTo(3);
		assertThat(call(b, "POST", LETTERS + '/' + first.path("id").asString(), "").statusCode()).isEqualTo(202);
		assertThat(backend.event("disconnected").header("webhook-id")).isEqualTo(first.path("webhookId").asString());
		await().until(() -> page(b, "").path("deadLetters").path(0).path("attempts").asInt() == 2);
		backend.answer("disconnected", FakeBackend.status(204));
		RunningHawser c = node("c");
		assertThat(call(c, "DELETE", LETTERS + '/' + page(c, "").path("deadLetters").path(1).path("id").asString(), "").statusCode())
				.isEqualTo(200);
		assertThat(call(c, "POST", LETTERS, "{\"hub\":\"*\"}").statusCode()).isEqualTo(202);
		await().until(() -> count(b) == 0 && count(c) == 0);
		assertThat(page(c, "").path("bytes").asLong()).isZero();
		assertThat(call(b, "POST", LETTERS + '/' + first.path("id").asString(), "").statusCode()).isEqualTo(404);
	}

	private static double gauge(RunningHawser node) {
		return node.bean(MeterRegistry.class).get("hawser.webhooks.deadletters").tag("hub", "default").gauge().value();
	}

	@Test
	void keepsThemWhileRedisIsAwayAndMovesThemThereOnce() throws Exception {
		RunningHawser a = node("a");
		RunningHawser b = node("b");
		die(a);
		await().until(() -> count(b) == 1);
		redis.pause();
		try (RawClient client = a.connect()) {
			assertThat(client).isNotNull();
		}
		Call _ = backend.event("disconnected");
		await().until(() -> gauge(a) == 2);
		redis.goOn();
		await().until(() -> count(b) == 2);
		await().until(() -> call(b, "DELETE", LETTERS + "?hub=default", "").body().contains("2"));
		await().until(() -> count(a) == 0 && gauge(b) == 0);
	}

	@Test
	void makesRoomForNewOnes() throws Exception {
		try (RedisClients clients = RedisClients.of(redis)) {
			SharedLetters letters = new RedisLetters(clients.link());
			for (int i = 0; i < 20; i++) {
				add(letters, "n" + i, i);
			}
			List<Known> left = letters.list(0, 100).toCompletableFuture().get();
			assertThat(left).hasSize(8).extracting(one -> new String(one.letter(), StandardCharsets.UTF_8).substring(0, 3))
					.containsExactly("12 ", "13 ", "14 ", "15 ", "16 ", "17 ", "18 ", "19 ");
			assertThat(left).extracting(Known::id).isSorted();
			assertThat(letters.sums().toCompletableFuture().get().byHub()).containsOnlyKeys("chat").containsEntry("chat", 8);
			assertThat(letters.sums().toCompletableFuture().get().bytes()).isLessThanOrEqualTo(1_000);
			assertThat(add(letters, "n19", 19)).as("it is there already").isEmpty();
			assertThat(letters.list(left.get(6).id(), 100).toCompletableFuture().get()).hasSize(1);
			assertThat(letters.remove(left.get(7).id()).toCompletableFuture().get()).isTrue();
			assertThat(letters.remove(left.get(7).id()).toCompletableFuture().get()).isFalse();
			add(letters, "late", 1);
			assertThat(letters.list(left.get(7).id(), 100).toCompletableFuture().get()).as("ids rise").hasSize(1);
			for (Known one : letters.list(0, 100).toCompletableFuture().get()) {
				letters.remove(one.id()).toCompletableFuture().get();
			}
			assertThat(redis.cli("HGETALL", "hawser:sums:{letters}").lines().toList()).contains("#", "0").hasSize(4);
			assertThat(redis.cli("EXISTS", "hawser:dead:{letters}", "hawser:order:{letters}")).isEqualTo("0");
		}
	}

	private static List<String> add(SharedLetters letters, String name, int number) throws Exception {
		byte[] letter = (number + " " + "x".repeat(100)).getBytes(StandardCharsets.UTF_8);
		return letters.add(List.of(new Fresh(name, "chat", 1_000 + number, letter)), 1_000).toCompletableFuture().get();
	}
}
