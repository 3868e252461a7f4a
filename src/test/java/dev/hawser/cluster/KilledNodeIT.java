package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packaged servers over one Redis, of which one is killed while its clients are connected. */
class KilledNodeIT {
	private static final int CLIENTS = 200;
	/** To bury a node takes 11 s, or 14 s when two die together. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@AutoClose
	private final FakeBackend backend = FakeBackend.start();
	private final Set<String> accepted = ConcurrentHashMap.newKeySet();
	private final Map<String, Set<String>> ends = new ConcurrentHashMap<>();

	/** What happens to Redis before the node is killed. */
	enum Before {
		NOTHING,
		REDIS_IS_KILLED,
		REDIS_IS_KILLED_WITH_ITS_DATA
	}

	private HawserJar node(RedisServer redis, String name) throws Exception {
		List<String> properties = new ArrayList<>(List.of(redis.properties()));
		properties.addAll(List.of("hawser.node=" + name, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0", "hawser.connection.limits.per-user=0"));
		return HawserJar.start(HawserJar.JAR, Path.of("target"), Map.of(), properties.toArray(String[]::new));
	}

	private void record() {
		backend.answer("connect", (exchange, call) -> {
			accepted.add(id(call));
			FakeBackend.status(204).give(exchange, call);
		});
		backend.answer("disconnected", (exchange, call) -> {
			ends.computeIfAbsent(id(call), _ -> ConcurrentHashMap.newKeySet()).add(Objects.requireNonNull(call.header("webhook-id")));
			FakeBackend.status(204).give(exchange, call);
		});
	}

	private static String id(Call call) {
		return Objects.requireNonNull(call.header("ce-connectionId"));
	}

	private static List<RawClient> clients(HawserJar node) throws Exception {
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			clients.add(node.connect());
		}
		return clients;
	}

	@ParameterizedTest
	@EnumSource
	void tellsOfTheEndOfEveryConnectionOnce(Before before) throws Exception {
		record();
		try (RedisServer redis = RedisServer.startDurable(); HawserJar a = node(redis, "a"); HawserJar b = node(redis, "b")) {
			List<RawClient> ofA = clients(a);
			List<RawClient> ofB = clients(b);
			for (int i = 0; i < CLIENTS / 4; i++) {
				ofA.get(i).send(RawFrame.close(1000, ""));
			}
			switch (before) {
				case NOTHING -> {
				}
				case REDIS_IS_KILLED -> {
					redis.kill();
					redis.startAgain();
				}
				case REDIS_IS_KILLED_WITH_ITS_DATA -> {
					redis.kill();
					redis.startEmpty();
				}
			}
			await().atMost(PATIENCE).until(() -> records(redis), count -> count == 2 * CLIENTS - CLIENTS / 4);
			a.program().signal("KILL");
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(ends).hasSize(CLIENTS));
			await().atMost(PATIENCE).until(() -> records(redis), count -> count == CLIENTS);
			for (RawClient client : ofB) {
				client.close();
			}
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(ends.keySet()).isEqualTo(new HashSet<>(accepted)));
			assertThat(ends.values()).allSatisfy(ids -> assertThat(ids).hasSize(1));
			await().atMost(PATIENCE).until(() -> records(redis), count -> count == 0);
			for (RawClient client : ofA) {
				client.close();
			}
		}
	}

	/** In the hashes of all nodes, without the fields that are none. */
	private static long records(RedisServer redis) throws Exception {
		long records = 0;
		for (String key : redis.cli("KEYS", "hawser:c:*").lines().filter(line -> !line.isBlank()).toList()) {
			records += redis.cli("HKEYS", key).lines().filter(field -> field.contains("_")).count();
		}
		return records;
	}
}
