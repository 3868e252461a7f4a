package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where users and groups are, in a real Redis. */
class PlacesTests {
	private static final Place BOB = new Place(Place.Kind.USER, "chat", "bob");
	private static final Place NEWS = new Place(Place.Kind.GROUP, "chat", "news é");

	private static <T> T answer(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
	}

	@Test
	void areFoundTogether() throws Exception {
		try (RedisServer server = RedisServer.start(); RedisClients clients = RedisClients.of(server)) {
			LettuceRedis redis = new LettuceRedis(clients.link(), clients.link());
			List<Place> many = IntStream.range(0, 500).mapToObj(i -> new Place(Place.Kind.USER, "chat", "u" + i)).toList();
			for (Place place : many) {
				answer(redis.put(place, "n", "1"));
			}
			answer(redis.put(NEWS, "node-ö", "1"));
			answer(redis.put(NEWS, "n", "1"));
			Map<Place, List<String>> found = answer(
					redis.nodesAt(Stream.of(many, List.of(NEWS, NEWS, BOB)).flatMap(List::stream).toList()));
			assertThat(found).hasSize(502).containsEntry(BOB, List.of());
			assertThat(found.get(NEWS)).containsExactlyInAnyOrder("node-ö", "n");
			assertThat(many).allSatisfy(place -> assertThat(found.get(place)).containsExactly("n"));
			assertThat(answer(redis.nodesAt(List.of()))).isEmpty();
		}
	}

	@Test
	void areLeftOutWhenRedisRefusesThem() throws Exception {
		try (RedisServer server = RedisServer.start(); RedisClients clients = RedisClients.of(server)) {
			LettuceRedis redis = new LettuceRedis(clients.link(), clients.link());
			server.cli("SET", "hawser:u:{chat/bob}", "of a foreign writer");
			assertThat(answer(redis.nodesAt(List.of(NEWS, BOB)))).containsExactly(Map.entry(NEWS, List.of()));
		}
	}

	@Test
	void areLeftOutWithoutAConnection() throws Exception {
		try (RedisServer server = RedisServer.start(); RedisClients clients = RedisClients.of(server)) {
			clients.link().close();
			LettuceRedis redis = new LettuceRedis(clients.link(), clients.link());
			assertThat(answer(redis.nodesAt(List.of(NEWS)))).isEmpty();
		}
	}
}
