package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReleaseWhenUnusedTests {
	private final List<String> events = new ArrayList<>();
	private final ReleaseWhenUnused occupancy = new ReleaseWhenUnused(() -> events.add("end"));

	@Test
	void endsAtOnceWhatIsNotUsed() {
		assertThat(occupancy.use(() -> events.add("use"))).isTrue();
		occupancy.end();
		assertThat(occupancy.use(() -> events.add("use too late"))).isFalse();
		assertThat(events).containsExactly("use", "end");
	}

	@Test
	void endsAfterTheUseThatIsUnderWay() {
		assertThat(occupancy.use(() -> {
			occupancy.end();
			occupancy.end();
			events.add("still used");
		})).isTrue();
		occupancy.end();
		assertThat(occupancy.use(() -> events.add("use too late"))).isFalse();
		assertThat(events).containsExactly("still used", "end");
	}

	@Test
	void endsAfterAUseThatThrows() {
		assertThatIllegalStateException().isThrownBy(() -> occupancy.use(() -> {
			occupancy.end();
			throw new IllegalStateException();
		}));
		assertThat(events).containsExactly("end");
	}

	@Test
	void neverEndsDuringAUse() throws Exception {
		for (int round = 0; round < 2000; round++) {
			AtomicBoolean used = new AtomicBoolean();
			AtomicInteger ends = new AtomicInteger();
			AtomicBoolean endedDuringUse = new AtomicBoolean();
			ReleaseWhenUnused shared = new ReleaseWhenUnused(() -> {
				endedDuringUse.compareAndSet(false, used.get());
				ends.incrementAndGet();
			});
			CountDownLatch started = new CountDownLatch(1);
			Thread user = Thread.startVirtualThread(() -> {
				boolean alive = true;
				while (alive) {
					alive = shared.use(() -> {
						used.set(true);
						started.countDown();
						used.set(false);
					});
				}
			});
			assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
			shared.end();
			assertThat(user.join(Duration.ofSeconds(60))).isTrue();
			assertThat(ends).hasValue(1);
			assertThat(endedDuringUse).isFalse();
		}
	}
}
