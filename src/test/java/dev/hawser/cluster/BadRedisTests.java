package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RedisServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;

/**
 * What nodes do with a Redis that is there, and does not do what it should: each trouble has a sentence in the log, once, and a word in the
 * metric; clients of the same node get what is sent all the while; and all is well again soon after Redis is.
 */
@ReadsLog
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRedisTests {
	private static final Target.User ANN = Target.user("ann");
	/** Promised are two seconds; the machine may be busy. */
	private static final Duration HEALED = Duration.ofSeconds(6);
	private static final Duration PAUSE = Duration.ofSeconds(5);

	private RunningCluster cluster;
	private Clients clients;
	private Peer here;
	private Peer there;
	private int messages;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(RedisServer.start("enable-protected-configs yes", "busy-reply-threshold 100", "key-load-delay 2000",
				"loading-process-events-interval-bytes 1024"), 2);
		clients = cluster.clients(0);
		here = cluster.connect(0, "/ws", "ann");
		there = cluster.connect(1, "/ws", "ann");
	}

	@AfterAll
	void stop() throws Exception {
		if (cluster != null) {
			cluster.redis.goOn();
			cluster.close();
		}
	}

	/** Each test leaves all as it was. */
	@AfterEach
	void heal() throws Exception {
		healed(System.nanoTime());
	}

	private String redis(String... command) throws Exception {
		return cluster.redis.cli(command);
	}

	private Delivery send() throws Exception {
		return now(clients.send(ANN, Frame.text("message " + messages++)));
	}

	private double count(RedisFailure why) {
		double count = 0;
		for (int node = 0; node < 2; node++) {
			Counter counter = cluster.node(node).bean(MeterRegistry.class).find(ClusterMeters.FAILED).tag("why", why.word()).counter();
			count += counter == null ? 0 : counter.count();
		}
		return count;
	}

	/** Local clients get what is sent, what must cross is refused, and that at once. */
	private void isAway() throws Exception {
		await().until(() -> !cluster.cluster(0).clusterNodes().isUp() && !cluster.cluster(1).clusterNodes().isUp());
		List<Long> micros = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			long begin = System.nanoTime();
			assertThat(send()).isEqualTo(new Delivery.Unreached(1, Delivery.Unreached.Reason.AWAY));
			micros.add((System.nanoTime() - begin) / 1_000);
		}
		assertThat(micros.stream().sorted().skip(10).findFirst().orElseThrow()).as("half of them, in microseconds").isLessThan(50_000L);
		String last = "message " + (messages - 1);
		await().until(() -> here.client().message().text(), last::equals);
	}

	/** Soon messages get through again; the client of the other node gets none twice or out of order. */
	private void healed(long since) throws Exception {
		await().until(this::send, new Delivery.HandedOver(1, 1)::equals);
		assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(HEALED);
		String last = "message " + (messages - 1);
		int before = -1;
		for (String text = ""; !text.equals(last);) {
			text = there.client().message().text();
			int number = Integer.parseInt(text.substring("message ".length()));
			assertThat(number).as("after " + before).isGreaterThan(before);
			before = number;
		}
		await().until(() -> here.client().message().text(), last::equals);
		cluster.settled();
	}

	private void saysOnce(CapturedOutput log, RedisFailure why) {
		assertThat(count(why)).as(why.word()).isPositive();
		for (int node = 0; node < 2; node++) {
			assertThat(log.getOut().split("\\Q" + why.sentence() + "\\E", -1)).as("once for each node, at most")
					.hasSizeLessThanOrEqualTo(3);
		}
		assertThat(log.getOut()).contains(why.sentence());
	}

	/** What Redis refuses, how a test makes it do so, and how that ends. */
	enum Refusal {
		FULL(RedisFailure.OOM, "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
		COPY(RedisFailure.READONLY, "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"),
		FORBIDDEN(RedisFailure.NOPERM, "ACL SETUSER default -evalsha", "ACL SETUSER default +@all"),
		NODES_ARE_NO_TABLE(RedisFailure.WRONGTYPE, "SET hawser:nodes:{nodes} anything", "DEL hawser:nodes:{nodes}");

		private final RedisFailure why;
		private final String begin;
		private final String end;

		Refusal(RedisFailure why, String begin, String end) {
			this.why = why;
			this.begin = begin;
			this.end = end;
		}
	}

	@ParameterizedTest
	@EnumSource
	void servesItsOwnClientsAndSaysWhy(Refusal refusal, CapturedOutput log) throws Exception {
		redis(refusal.begin.split(" "));
		isAway();
		redis(refusal.end.split(" "));
		healed(System.nanoTime());
		saysOnce(log, refusal.why);
		assertThat(log.getOut()).contains("(" + refusal.why.word() + "): the node serves its own clients only");
	}

	@Test
	void servesItsOwnClientsWhileRedisCannotSave(CapturedOutput log) throws Exception {
		Files.createDirectories(cluster.redis.folder().resolve("no-file.rdb").resolve("but-a-folder"));
		redis("CONFIG", "SET", "dbfilename", "no-file.rdb");
		redis("CONFIG", "SET", "save", "3600 1000000");
		redis("BGSAVE");
		isAway();
		redis("CONFIG", "SET", "save", "");
		healed(System.nanoTime());
		redis("CONFIG", "SET", "dbfilename", "dump.rdb");
		saysOnce(log, RedisFailure.MISCONF);
	}

	@Test
	void servesItsOwnClientsWhileAScriptOfAnotherProgramRuns(CapturedOutput log) throws Exception {
		Thread script = Thread.startVirtualThread(() -> {
			try {
				redis("EVAL", "while true do end", "0");
			}
			catch (Exception e) {
				// it was killed
			}
		});
		isAway();
		redis("SCRIPT", "KILL");
		healed(System.nanoTime());
		script.join();
		saysOnce(log, RedisFailure.BUSY);
	}

	@Test
	void servesItsOwnClientsWhileRedisLoadsItsData(CapturedOutput log) throws Exception {
		redis("EVAL", "for i = 1, 1500 do redis.call('SET', 'other:' .. i, string.rep('x', 1500)) end", "0");
		redis("SAVE");
		cluster.redis.kill();
		cluster.redis.startAgain(); // returns when it has loaded
		healed(System.nanoTime());
		redis("EVAL", "for i = 1, 1500 do redis.call('DEL', 'other:' .. i) end", "0");
		assertThat(count(RedisFailure.LOADING)).isPositive();
		assertThat(log.getOut()).contains(RedisFailure.LOADING.sentence());
	}

	@Test
	void sendsScriptsAgainThatRedisHasForgotten(CapturedOutput log) throws Exception {
		redis("SCRIPT", "FLUSH");
		assertThat(send()).isEqualTo(new Delivery.HandedOver(1, 1));
		await().until(() -> count(RedisFailure.NOSCRIPT) > 0);
		saysOnce(log, RedisFailure.NOSCRIPT);
	}

	@Test
	void connectsAgainWhenItsConnectionsAreKilled() throws Exception {
		for (int i = 0; i < 2; i++) {
			redis("CLIENT", "KILL", "TYPE", "normal");
			healed(System.nanoTime());
		}
	}

	@Test
	void waitsUntilRedisAnswersAgain() throws Exception {
		redis("CLIENT", "PAUSE", Long.toString(PAUSE.toMillis()), "ALL");
		long end = System.nanoTime() + PAUSE.toNanos();
		isAway();
		await().until(() -> System.nanoTime() - end > 0);
		healed(end);
	}

	@Test
	void survivesARedisThatStandsStill() throws Exception {
		cluster.redis.pause();
		long end = System.nanoTime() + PAUSE.toNanos();
		isAway();
		await().until(() -> System.nanoTime() - end > 0);
		cluster.redis.goOn();
		healed(end);
		assertThat(cluster.node(0).bean(MeterRegistry.class).get(ClusterMeters.BURIED).counter().count()).isZero();
	}
}
