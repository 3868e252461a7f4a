package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.RedisServer;
import dev.hawser.webhook.SharedLetters.Fresh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The user of Redis that docs/scaling.md shows can do all that nodes need, and can touch nothing else. */
class RedisAccessTests {
	private static final String SETUSER = "ACL SETUSER ";

	private static String documented() throws Exception {
		return Files.readAllLines(Path.of("docs/scaling.md")).stream().filter(line -> line.startsWith(SETUSER)).findFirst().orElseThrow()
				.substring(SETUSER.length()).replace("resetkeys ", "").replace("SECRET", "secret");
	}

	@Test
	void letsNodesWorkWithTheDocumentedUser() throws Exception {
		RedisServer redis = RedisServer.start("user " + documented());
		try (RunningCluster cluster = RunningCluster.start(redis, 2, "spring.data.redis.username=hawser",
				"spring.data.redis.password=secret",
				"hawser.cluster.prefix=hawser:blue:")) {
			Peer peer = cluster.connect(1, "/ws", "ann");
			assertThat(now(cluster.clients(0).send(Target.user("ann"), Frame.text("hello")))).isEqualTo(new Delivery.HandedOver(0, 1));
			assertThat(peer.client().message().text()).isEqualTo("hello");
			assertThat(now(cluster.clients(0).join(Target.connection(peer.id()), Set.of("g")))).isEqualTo(new Delivery.Delivered(1));
			cluster.settled();
			assertThat(redis.cli("KEYS", "*").lines()).isNotEmpty().allMatch(key -> key.startsWith("hawser:blue:"));
			assertThat(redis.cli("ACL", "DRYRUN", "hawser", "FLUSHALL")).contains("no permissions");
			assertThat(redis.cli("ACL", "DRYRUN", "hawser", "GET", "other")).contains("no permissions");
			assertThat(redis.cli("ACL", "DRYRUN", "hawser", "GET", "hawser:x")).contains("OK");
			peer.client().close();
			RedisLink link = cluster.node(0).context().getBean("hawserRedis", RedisLink.class);
			useEverythingElse(link);
		}
	}

	/** What nodes use seldom. */
	private static void useEverythingElse(RedisLink link) throws Exception {
		RedisLetters letters = new RedisLetters(link);
		assertThat(now(letters.add(List.of(new Fresh("n", "chat", 1, new byte[] { 1 })), 1_000))).isEmpty();
		assertThat(now(letters.get(now(letters.sums()).highest()))).isPresent();
		assertThat(now(letters.replace(1, new byte[] { 1 }, new byte[] { 2 }))).isEqualTo(1);
		assertThat(now(letters.list(0, 10))).hasSize(1);
		assertThat(now(letters.remove(1))).isTrue();
		RedisAnswers answers = new RedisAnswers(link);
		assertThat(now(answers.begin("n", new byte[] { 1 }, Duration.ofMinutes(1)))).isEmpty();
		assertThat(now(answers.replace("n", new byte[] { 1 }, new byte[] { 2 }, Duration.ofMinutes(1)))).isEqualTo(1);
		assertThat(now(answers.remove("n", new byte[] { 2 }))).isEqualTo(1);
		Redis redis = new LettuceRedis(link, link);
		Place place = new Place(Place.Kind.ADDRESS, "chat", "127.0.0.1");
		assertThat(now(redis.enter(place, "gone", 0, 2, 1, List.of())).granted()).isEqualTo(1);
		List<String> keys = now(redis.places(null)).keys();
		assertThat(keys).contains(link.key("a", "chat/127.0.0.1"));
		var _ = now(redis.drop(keys, List.of("gone")));
		assertThat(now(redis.nodesAt(List.of(place)))).containsEntry(place, List.of());
	}
}
