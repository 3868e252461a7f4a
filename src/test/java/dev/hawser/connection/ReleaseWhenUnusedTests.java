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
	private final ReleaseWhenUnused occupancy = new Leaving(() -> events.add("end"));

	/** Each use leaves something behind. */
	private static final class Leaving extends ReleaseWhenUnused {
		private final Runnable end;

		Leaving(Runnable end) {
			this.end = end;
		}

		@Override
		boolean hasLeftSomething() {
			return true;
		}

		@Override
		void release() {
			end.run();
		}
	}

	private static boolean use(ReleaseWhenUnused resource, Runnable use) {
		if (!resource.use()) {
			return false;
		}
		try {
			use.run();
			return true;
		}
		finally {
			resource.leave();
		}
	}

	@Test
	void endsAtOnceWhatIsNotUsed() {
		assertThat(use(occupancy, () -> events.add("use"))).isTrue();
		occupancy.endUses();
		assertThat(use(occupancy, () -> events.add("use too late"))).isFalse();
		assertThat(events).containsExactly("use", "end");
	}

	@Test
	void endsAfterTheUseThatIsUnderWay() {
		assertThat(use(occupancy, () -> {
			occupancy.endUses();
			occupancy.endUses();
			events.add("still used");
		})).isTrue();
		occupancy.endUses();
		assertThat(use(occupancy, () -> events.add("use too late"))).isFalse();
		assertThat(events).containsExactly("still used", "end");
	}

	@Test
	void endsAfterAUseThatThrows() {
		assertThatIllegalStateException().isThrownBy(() -> use(occupancy, () -> {
			occupancy.endUses();
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
			ReleaseWhenUnused shared = new Leaving(() -> {
				endedDuringUse.compareAndSet(false, used.get());
				ends.incrementAndGet();
			});
			CountDownLatch started = new CountDownLatch(1);
			Thread user = Thread.startVirtualThread(() -> {
				boolean alive = true;
				while (alive) {
					alive = use(shared, () -> {
						used.set(true);
						started.countDown();
						used.set(false);
					});
				}
			});
			assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
			shared.endUses();
			assertThat(user.join(Duration.ofSeconds(60))).isTrue();
			assertThat(ends).hasValue(1);
			assertThat(endedDuringUse).isFalse();
		}
	}
}
