package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.push.rest.ApiCaller.Answered;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests while something is slow or broken: a client that does not read, a push that takes its time, and one that fails. */
@ReadsLog
class UnevenClientsTests {
	private static final String QUOTA = "quota-key-quota-key-quota-key-quota-key-012345";
	private static CountDownLatch begun = new CountDownLatch(1);
	private static CountDownLatch released = new CountDownLatch(1);
	private static RunningHawser running;
	private static ApiCaller api;

	/** What is sent to the user {@code slow} waits, and what is sent to {@code broken} fails. */
	static class Callbacks {
		@Bean
		static BeanPostProcessor uneven() {
			return new BeanPostProcessor() {
				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return bean instanceof Clients clients ? uneven(clients) : bean;
				}
			};
		}

		private static Object uneven(Clients clients) {
			return Proxy.newProxyInstance(Clients.class.getClassLoader(), new Class<?>[] { Clients.class }, (_, method, arguments) -> {
				Object target = arguments == null ? null : arguments[0];
				if (target instanceof Target.User user && user.userId().equals("slow")) {
					begun.countDown();
					assertThat(released.await(1, TimeUnit.MINUTES)).isTrue();
				}
				if (target instanceof Target.User user && user.userId().equals("elsewhere")) {
					return CompletableFuture.completedFuture(new Delivery.Unreached(0, Delivery.Unreached.Reason.AWAY));
				}
				if (target instanceof Target.User user && user.userId().equals("broken")) {
					return CompletableFuture.failedFuture(new IllegalStateException("secret of the inside"));
				}
				try {
					return method.invoke(clients, arguments);
				}
				catch (InvocationTargetException e) {
					throw e.getTargetException();
				}
			});
		}
	}

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Callbacks.class, "hawser.push.keys[0].secret=" + PushTokens.KEY,
				"hawser.push.keys[1].secret=" + QUOTA, "hawser.push.keys[1].requests-per-second=3", "hawser.connection.outbox-size=64KB",
				"hawser.handshake.subprotocols=json.webpubsub.azure.v1");
		api = new ApiCaller(running.operationsPort(), PushTokens.KEY);
	}

	@AfterAll
	static void stop() {
		api.close();
		running.close();
	}

	private static long connections() {
		return running.bean(WebSocketServer.class).connections().count();
	}

	/** The one is closed, and all others get every message, in order. */
	@Test
	void aSlowReceiverCostsItselfAlone() throws Exception {
		try (RawClient deaf = running.connect(); RawClient one = running.connect(); RawClient two = running.connect()) {
			await().until(() -> connections() == 3);
			List<String> known = new ArrayList<>();
			int number = 0;
			do {
				String text = number + " " + "x".repeat(16_000);
				Answered answer = api.text("/hubs/default/:send", text);
				assertThat(answer.status()).isEqualTo(202);
				known.add(answer.header("Hawser-Delivery"));
				assertThat(one.message().text()).isEqualTo(text);
				assertThat(two.message().text()).isEqualTo(text);
				number++;
			}
			while (known.getLast().equals("delivered; connections=3") && number < 10_000);
			assertThat(known.getLast()).isEqualTo("partial; connections=2; refused=1");
			for (int i = 0; i < number - 1; i++) {
				assertThat(deaf.message().text()).startsWith(i + " ");
			}
			assertThat(deaf.message().closeCode()).isEqualTo(1013);
			await().until(() -> connections() == 2);
			assertThat(api.text("/hubs/default/:send", "last").header("Hawser-Delivery")).isEqualTo("delivered; connections=2");
			assertThat(one.message().text()).isEqualTo("last");
			assertThat(two.message().text()).isEqualTo("last");
		}
		await().until(() -> connections() == 0);
	}

	/** The second of two with one key is told to come later, and one that comes then gets the first one's answer. */
	@Test
	void aKeyIsInUseWhileItsFirstRequestIsCarriedOut() throws Exception {
		begun = new CountDownLatch(1);
		released = new CountDownLatch(1);
		CompletableFuture<Answered> first = CompletableFuture.supplyAsync(UnevenClientsTests::slow);
		assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
		Answered second = slow();
		assertThat(second.status()).isEqualTo(409);
		assertThat(second.code()).isEqualTo("IdempotencyKeyInUse");
		assertThat(second.target()).isEqualTo("Idempotency-Key");
		assertThat(second.header("Retry-After")).isEqualTo("1");
		assertThat(api.text("/hubs/default/users/slow/:send", "else", "Idempotency-Key", "k").status()).as("another request")
				.isEqualTo(422);
		assertThat(api.text("/hubs/default/:send", "x").status()).as("others do not wait").isEqualTo(202);
		released.countDown();
		assertThat(first.get(1, TimeUnit.MINUTES).status()).isEqualTo(202);
		assertThat(first.get().header("Idempotency-Replayed")).isNull();
		assertThat(slow().header("Idempotency-Replayed")).isEqualTo("true");
	}

	private static Answered slow() {
		try {
			return api.text("/hubs/default/users/slow/:send", "x", "Idempotency-Key", "k");
		}
		catch (Exception e) {
			throw new IllegalStateException(e);
		}
	}

	/** Nothing was done, as far as is known, so a repeated request is carried out. */
	@Test
	void aFailureTellsNothingOfTheInside(CapturedOutput log) throws Exception {
		for (String accept : List.of("*/*", "application/problem+json", "text/html")) {
			Answered answer = api.text("/hubs/default/users/broken/:send", "x", "Idempotency-Key", "f", "Accept", accept);
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.header("x-ms-error-code")).isEqualTo("InternalServerError");
			assertThat(answer.header("Content-Type")).isEqualTo(accept.contains("problem") ? accept : "application/json");
			assertThat(answer.body()).doesNotContain("secret", "Exception", "dev.hawser");
		}
		assertThat(log.getAll()).contains("secret of the inside").doesNotContain("Bearer ", "eyJ", PushTokens.KEY);
	}

	@Test
	void aBatchCountsForEachOfItsMessages() throws Exception {
		try (ApiCaller caller = new ApiCaller(running.operationsPort(), QUOTA)) {
			Answered never = caller.json("POST", "/hubs/default/hawser/batch", batch(4));
			assertThat(never.status()).as("at no time").isEqualTo(413);
			assertThat(never.target()).isEqualTo("pushes");
			assertThat(never.json().path("message").asString()).contains("at most 3 messages", "requests-per-second");
			Answered answer = caller.json("POST", "/hubs/default/hawser/batch", batch(3));
			assertThat(answer.status()).as("after another request in the same second").isEqualTo(429);
			assertThat(answer.code()).isEqualTo("TooManyRequests");
			assertThat(answer.header("Retry-After")).isEqualTo("1");
			assertThat(running.bean(MeterRegistry.class).get("hawser.push.refused").tag("reason", "quota").counter().count()).isPositive();
		}
	}

	private static String batch(int messages) {
		return "{\"pushes\":[" + String.join(",", Collections.nCopies(messages, "{\"all\":true,\"data\":1}")) + "]}";
	}

	/** An answer that the server is busy says that fewer requests would help. */
	@Test
	void countsNodesThatCannotBeReachedApart() throws Exception {
		Answered answer = api.text("/hubs/default/users/elsewhere/:send", "x");
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.code()).isEqualTo("OtherNodesAway");
		MeterRegistry meters = running.bean(MeterRegistry.class);
		assertThat(meters.get("hawser.push.refused").tag("reason", "nodes").counter().count()).isEqualTo(1);
		assertThat(meters.find("hawser.push.refused").tag("reason", "busy").counter()).isNull();
	}

	@Test
	void metadataReachesTheClient() throws Exception {
		try (RawClient client = RawClient.connect(running.port()).upgrade("/ws", "Sec-WebSocket-Protocol: json.webpubsub.azure.v1")) {
			assertThat(client.message().text()).contains("\"event\":\"connected\"");
			api.text("/hubs/default/:send", "hi", "X-WebPubSub-Metadata-Trace-Id", "last",
					"X-WebPubSub-Metadata-B", "\"\\");
			JsonNode message = JsonMapper.shared().readTree(client.message().text());
			assertThat(message.path("data").asString()).isEqualTo("hi");
			assertThat(message.path("metadata").toString()).isIn("{\"trace-id\":\"last\",\"b\":\"\\\"\\\\\"}",
					"{\"b\":\"\\\"\\\\\",\"trace-id\":\"last\"}");
		}
		await().until(() -> connections() == 0);
	}

	/** Without hawser.public-url, the token is for the host that the caller asked, at the clients' port. */
	@Test
	void aTokenForAClientWorksWithoutAPublicUrl() throws Exception {
		String token = api.call("POST", "/hubs/default/:generateToken?userId=ann").json().path("token").asString();
		String[] lines = RawClient.handshake("/client/hubs/default?access_token=" + token);
		lines[1] = "Host: localhost:" + running.port();
		try (RawClient client = RawClient.connect(running.port()).request(lines)) {
			assertThat(client.response().status()).isEqualTo(101);
			await().until(() -> api.call("HEAD", "/hubs/default/users/ann").status() == 200);
		}
		await().until(() -> connections() == 0);
	}
}
