package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTests {
	private final List<String> fired = new ArrayList<>();
	private final AtomicInteger ticks = new AtomicInteger();
	/** Not started: the tests turn it by hand. */
	private final TimerWheel wheel = new TimerWheel(ticks::incrementAndGet);

	private final class Named extends TimerWheel.Entry {
		private final String name;
		private long next = -1;

		Named(String name) {
			this.name = name;
		}

		Named repeatingAt(long next) {
			this.next = next;
			return this;
		}

		@Override
		long expire(long now) {
			fired.add(name + "@" + now);
			long again = next;
			next = -1;
			return again;
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 49, 50, 51, 99, 100, 1000, 51_199, 51_200, 51_201, 102_400, 123_456 })
	void firesInTheFirstTickThatIsNotEarly(long due) {
		wheel.schedule(new Named("x"), due);
		for (long now = 50; fired.isEmpty() && now < 200_000; now += 50) {
			wheel.advance(now);
		}
		long tick = Math.max(50, (due + 49) / 50 * 50);
		assertThat(fired).containsExactly("x@" + tick);
	}

	@Test
	void firesOnceAndInOrderOfTicks() {
		wheel.schedule(new Named("late"), 300);
		wheel.schedule(new Named("early"), 100);
		wheel.schedule(new Named("middle"), 200);
		for (long now = 50; now <= 60_000; now += 50) {
			wheel.advance(now);
		}
		assertThat(fired).containsExactly("early@100", "middle@200", "late@300");
	}

	@Test
	void catchesUpWhenItWasHeldUp() {
		wheel.schedule(new Named("a"), 100);
		wheel.schedule(new Named("b"), 60_000);
		wheel.schedule(new Named("c"), 200_000);
		wheel.advance(130_010);
		assertThat(fired).containsExactly("a@130010", "b@130010");
		assertThat(wheel.now()).isEqualTo(130_010);
		wheel.advance(200_000);
		assertThat(fired).hasSize(3);
	}

	@Test
	void movesADeadlineEitherWay() {
		Named later = new Named("later");
		Named sooner = new Named("sooner");
		wheel.schedule(later, 100);
		wheel.schedule(later, 400);
		wheel.schedule(sooner, 400);
		wheel.schedule(sooner, 100);
		wheel.advance(150);
		assertThat(fired).containsExactly("sooner@150");
		wheel.advance(400);
		assertThat(fired).containsExactly("sooner@150", "later@400");
		wheel.advance(100_000);
		assertThat(fired).hasSize(2);
	}

	@Test
	void schedulesAgainWhatAnEntryAsksFor() {
		wheel.schedule(new Named("x").repeatingAt(300), 100);
		wheel.advance(100);
		wheel.advance(250);
		wheel.advance(300);
		assertThat(fired).containsExactly("x@100", "x@300");
	}

	@Test
	void letsADeadlineThatWasSetDuringExpiryStand() {
		TimerWheel.Entry entry = new TimerWheel.Entry() {
			@Override
			long expire(long now) {
				fired.add("x@" + now);
				if (now == 100) {
					wheel.schedule(this, 200);
				}
				return now == 100 ? 1000 : -1; // older than the schedule above
			}
		};
		wheel.schedule(entry, 100);
		for (long now = 50; now <= 2000; now += 50) {
			wheel.advance(now);
		}
		assertThat(fired).containsExactly("x@100", "x@200");
	}

	@Test
	void neverFiresWhatIsCancelled() {
		Named before = new Named("cancelled");
		wheel.schedule(before, 100);
		wheel.cancel(before);
		wheel.schedule(before, 100);
		TimerWheel.Entry during = new TimerWheel.Entry() {
			@Override
			long expire(long now) {
				fired.add("during");
				wheel.cancel(this);
				return now + 50;
			}
		};
		wheel.schedule(during, 100);
		wheel.advance(1000);
		wheel.advance(2000);
		assertThat(fired).containsExactly("during");
	}

	@Test
	void keepsTheOthersOfASlotWhenOneIsTakenOut() {
		List<Named> entries = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			entries.add(new Named("e" + i));
			wheel.schedule(entries.get(i), 100);
		}
		wheel.cancel(entries.get(0)); // the end of the list
		wheel.cancel(entries.get(2)); // its middle
		wheel.cancel(entries.get(4)); // its head
		wheel.advance(100);
		assertThat(fired).containsExactlyInAnyOrder("e1@100", "e3@100");
	}

	@Test
	void keepsTurningWhenADeadlineThrows() {
		wheel.schedule(new TimerWheel.Entry() {
			@Override
			long expire(long now) {
				throw new IllegalStateException("expected by this test");
			}
		}, 100);
		wheel.schedule(new Named("same tick"), 100);
		wheel.schedule(new Named("later"), 200);
		wheel.advance(100);
		wheel.advance(200);
		assertThat(fired).containsExactly("same tick@100", "later@200");
	}

	@Test
	void turnsByItselfOnceStarted() throws Exception {
		CountDownLatch expired = new CountDownLatch(3);
		try (TimerWheel running = new TimerWheel(ticks::incrementAndGet)) {
			running.start();
			running.schedule(new TimerWheel.Entry() {
				@Override
				long expire(long now) {
					expired.countDown();
					return now + 1;
				}
			}, 1);
			assertThat(expired.await(60, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(ticks.get()).isPositive();
	}

	@Test
	void losesNoDeadlineThatIsMovedWhileItExpires() throws Exception {
		int entries = 50;
		AtomicInteger[] expiries = new AtomicInteger[entries];
		TimerWheel.Entry[] moved = new TimerWheel.Entry[entries];
		for (int i = 0; i < entries; i++) {
			AtomicInteger count = new AtomicInteger();
			expiries[i] = count;
			moved[i] = new TimerWheel.Entry() {
				@Override
				long expire(long now) {
					count.incrementAndGet();
					return -1;
				}
			};
		}
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
			Future<?> turning = thread.submit(() -> {
				for (long now = 50; !done.get(); now += 50) {
					wheel.advance(now);
				}
			});
			Random random = new Random(6);
			for (int i = 0; i < 100_000; i++) {
				wheel.schedule(moved[random.nextInt(entries)], wheel.now() + random.nextInt(100));
			}
			done.set(true);
			turning.get(60, TimeUnit.SECONDS);
		}
		for (AtomicInteger count : expiries) {
			count.set(0);
		}
		for (TimerWheel.Entry entry : moved) {
			wheel.schedule(entry, wheel.now() + 500);
		}
		wheel.advance(wheel.now() + 500);
		assertThat(expiries).allSatisfy(count -> assertThat(count).hasValue(1));
	}
}
