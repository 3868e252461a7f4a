package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RoundsTests {
	private final ClusterThread thread = new ClusterThread("rounds");

	private static void await(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
	}

	@Test
	void waitsForMoreWhenTheLastRoundIsAMomentAgo() throws Exception {
		List<String> done = new CopyOnWriteArrayList<>();
		CountDownLatch both = new CountDownLatch(2);
		Rounds rounds = new Rounds(thread, () -> 0, () -> { // the clock stands still: every round is a moment after the one before
			done.add("round");
			both.countDown();
		});
		try (thread) {
			rounds.wake();
			thread.execute(() -> {
				rounds.wake();
				thread.execute(() -> {
					done.add("more");
					rounds.wake();
				});
			});
			await(both);
		}
		assertThat(done).containsExactly("round", "more", "round");
	}

	@Test
	void seesWhatComesWhileARoundRuns() throws Exception {
		CountDownLatch second = new CountDownLatch(2);
		AtomicReference<Rounds> itself = new AtomicReference<>();
		itself.set(new Rounds(thread, System::nanoTime, () -> {
			if (second.getCount() == 2) {
				itself.get().wake();
			}
			second.countDown();
		}));
		try (thread) {
			itself.get().wake();
			await(second);
		}
	}
}
