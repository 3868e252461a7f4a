package dev.hawser.operations.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Hub;
import dev.hawser.connection.TestConnections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How often a scrape iterates over the connections. */
class QueuedBytesTests {
	private final Hub one = TestConnections.hub();
	private final Hub two = TestConnections.hub();
	private final Hub empty = TestConnections.hub();
	private final Map<Hub, Long> waiting = new HashMap<>(Map.of(one, 10L, two, 20L));
	private int walks;
	private long now = Long.MAX_VALUE - 1; // wraps around, as the clock may
	private final QueuedBytes queued = new QueuedBytes(() -> {
		walks++;
		return Map.copyOf(waiting);
	}, () -> now);

	@Test
	void walksOnceForAllHubsOfAScrape() {
		for (int scrape = 1; scrape <= 3; scrape++) {
			assertThat(queued.of(one)).isEqualTo(10);
			assertThat(queued.of(empty)).isZero();
			assertThat(queued.of(two)).isEqualTo(20);
			assertThat(walks).isEqualTo(scrape);
		}
	}

	@Test
	void walksAgainForAHubThatAsksAgain() {
		assertThat(queued.of(one)).isEqualTo(10);
		waiting.put(one, 11L);
		assertThat(queued.of(one)).isEqualTo(11);
	}

	@Test
	void tellsNothingOfAnEarlierScrape() {
		assertThat(queued.of(one)).isEqualTo(10);
		waiting.put(two, 21L);
		now += TimeUnit.SECONDS.toNanos(1) - 1;
		assertThat(queued.of(two)).as("the same scrape").isEqualTo(20);
		now++;
		assertThat(queued.of(empty)).isZero();
		assertThat(queued.of(two)).as("another").isEqualTo(21);
	}
}
