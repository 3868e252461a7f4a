package dev.hawser.connection.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.HeldThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallbackSequenceTests {
	private final ConnectionLock lock = new ConnectionLock();
	private final HeldThreads threads = new HeldThreads();
	private final List<String> log = new CopyOnWriteArrayList<>();
	private final Owner owner = new Owner();
	private final CallbackSequence<Owner> sequence = new CallbackSequence<>(lock, threads, owner);
	private Runnable whenIdle = () -> {
	};

	private final class Owner implements CallbackSequence.Owner {
		boolean resumes;

		@Override
		public void busy() {
			assertThat(lock.isHeldByCurrentThread()).isTrue();
			log.add("busy");
		}

		@Override
		public boolean idle() {
			assertThat(lock.isHeldByCurrentThread()).isTrue();
			log.add("idle");
			whenIdle.run();
			return resumes;
		}

		@Override
		public void resume() {
			assertThat(lock.isHeldByCurrentThread()).isFalse();
			log.add("resume");
		}
	}

	/** Ignores all calls. */
	private static final class Silent implements CallbackSequence.Owner {
		@Override
		public void busy() {
		}

		@Override
		public boolean idle() {
			return false;
		}

		@Override
		public void resume() {
		}
	}

	private Runnable event(String name) {
		return () -> {
			assertThat(lock.isHeldByCurrentThread()).as("the lock while an event runs").isFalse();
			log.add(name);
		};
	}

	private void started() {
		sequence.startHere(event("open"));
		log.clear();
	}

	@Test
	void runsTheFirstEventHereOrElsewhere() {
		sequence.startHere(event("open"));
		assertThat(log).containsExactly("open");

		CallbackSequence<Silent> other = new CallbackSequence<>(lock, threads, new Silent());
		other.start(event("elsewhere"));
		assertThat(log).containsExactly("open");
		threads.run();
		assertThat(log).containsExactly("open", "elsewhere");
	}

	@Test
	void keepsWhatComesBeforeTheFirstEventBehindIt() {
		sequence.submit(List.of(event("close")));
		assertThat(threads.size()).as("threads before the start").isZero();
		assertThat(sequence.runHere(event("message"))).isFalse();
		sequence.start(event("open"));
		threads.run();
		assertThat(log).containsExactly("busy", "open", "close", "idle");
	}

	@Test
	void keepsWhatComesBeforeTheFirstEventBehindItAlsoWhenThatRunsHere() {
		sequence.submit(List.of(event("close")));
		sequence.startHere(event("open"));
		threads.run();
		assertThat(log).containsExactly("open", "close", "idle");
	}

	@Test
	void runsEventsInOrderOnOneThread() {
		started();
		sequence.submit(List.of(event("1"), event("2")));
		sequence.submit(List.of(event("3")));
		assertThat(threads.size()).isEqualTo(1);
		threads.run();
		assertThat(log).containsExactly("busy", "1", "busy", "2", "3", "idle");
	}

	@Test
	void runsWhatAnEventSubmitsAfterIt() {
		started();
		sequence.submit(List.of(() -> {
			log.add("1");
			sequence.submit(List.of(event("3")));
		}, event("2")));
		threads.run();
		assertThat(log).containsExactly("busy", "1", "busy", "2", "3", "idle");
	}

	@Test
	void runsHereOnlyWhenNothingRunsOrWaits() {
		started();
		assertThat(sequence.runHere(() -> {
			log.add("here");
			assertThat(sequence.runHere(event("nested"))).isFalse();
			sequence.submit(List.of(event("behind")));
		})).isTrue();
		assertThat(log).containsExactly("here");
		assertThat(sequence.runHere(event("while one waits"))).isFalse();
		threads.run();
		assertThat(log).containsExactly("here", "behind", "idle");
		assertThat(sequence.runHere(event("again"))).isTrue();
	}

	@Test
	void goesOnAfterWorkHereHasThrown() {
		started();
		try {
			sequence.runHere(() -> {
				throw new IllegalStateException("expected by this test");
			});
		}
		catch (IllegalStateException e) {
			log.add("thrown");
		}
		assertThat(sequence.runHere(event("next"))).isTrue();
		assertThat(log).containsExactly("thrown", "next");
	}

	@Test
	void runsAnEventThatGoingIdleMakes() {
		started();
		whenIdle = () -> {
			whenIdle = () -> {
			};
			sequence.submit(List.of(event("close")));
		};
		sequence.submit(List.of(event("message")));
		threads.run();
		assertThat(log).containsExactly("message", "idle", "close", "idle");
	}

	@Test
	void isPausedUntilItsEventsHaveRun() {
		started();
		whenIdle = () -> log.add(sequence.endPause() ? "resumes" : "was not paused");
		assertThat(sequence.readingPaused()).isFalse();
		sequence.submitAndPause(List.of(event("1"), () -> assertThat(sequence.readingPaused()).isTrue()));
		assertThat(sequence.readingPaused()).isTrue();
		threads.run();
		assertThat(sequence.readingPaused()).isFalse();
		assertThat(log).containsExactly("busy", "1", "idle", "resumes");
		sequence.submit(List.of(event("2")));
		threads.run();
		assertThat(log).last().isEqualTo("was not paused");
	}

	@Test
	void runsTheNextEventWhenOneThrows() {
		started();
		sequence.submit(List.of(() -> {
			throw new IllegalStateException("expected by this test");
		}, event("next")));
		threads.run();
		sequence.submit(List.of(event("later")));
		threads.run();
		assertThat(log).containsExactly("busy", "next", "idle", "later", "idle");
	}

	@Test
	void resumesWithoutTheLockWhenItsOwnerSaysSo() {
		started();
		owner.resumes = true;
		sequence.submitAndPause(List.of(event("message")));
		threads.run();
		assertThat(log).containsExactly("message", "idle", "resume");
	}

	@Test
	void runsTheLastEventHereOnceTheLockIsFree() {
		started();
		lock.lock();
		try {
			sequence.submitLastHere(event("close"));
			assertThat(log).isEmpty();
		}
		finally {
			lock.unlock();
		}
		assertThat(log).containsExactly("close");
	}

	@Test
	void isKnownToItsOwnEventsOnly() {
		started();
		assertThat(Deferred.caller(Owner.class)).isNull();
		List<Object> seen = new ArrayList<>();
		sequence.runHere(() -> seen.add(Deferred.caller(Owner.class)));
		sequence.submit(List.of(() -> seen.add(Deferred.caller(Owner.class))));
		sequence.submit(List.of(() -> seen.add(Deferred.caller(Silent.class) == null)));
		threads.run();
		assertThat(seen).containsExactly(owner, owner, true);
		assertThat(Deferred.caller(Owner.class)).isNull();
	}

	@Test
	void handsOutDeferredTasksInOrder() {
		started();
		sequence.submit(List.of(() -> {
			Deferred.add(() -> {
				log.add("first");
				Deferred.add(event("third"));
			});
			Deferred.add(event("second"));
			for (Runnable task = sequence.nextDeferred(); task != null; task = sequence.nextDeferred()) {
				task.run();
			}
		}));
		threads.run();
		assertThat(log).containsExactly("first", "second", "third", "idle");
		assertThat(sequence.nextDeferred()).isNull();
	}

	@Test
	void readsTheClockOnceBetweenTwoCallbacksOfABatch() {
		started();
		List<Long> times = new ArrayList<>();
		Runnable callback = () -> {
			times.add(sequence.begin());
			times.add(sequence.end());
		};
		sequence.submit(List.of(callback, callback));
		threads.run();
		assertThat(times.get(2)).as("the beginning of the second").isEqualTo(times.get(1));
		assertThat(times.get(3)).isGreaterThanOrEqualTo(times.get(2));
		long between = System.nanoTime();
		sequence.submit(List.of(callback));
		threads.run();
		long later = System.nanoTime();
		sequence.runHere(callback);
		assertThat(times.get(4)).as("the beginning of a later batch").isGreaterThanOrEqualTo(between);
		assertThat(times.get(6)).as("the beginning of a batch on this thread").isGreaterThanOrEqualTo(later);
	}

	@Test
	void neverRunsTwoAtATimeNorLosesOne() throws Exception {
		int senders = 4;
		int each = 5000;
		AtomicInteger active = new AtomicInteger();
		AtomicInteger overlaps = new AtomicInteger();
		CountDownLatch all = new CountDownLatch(senders * each);
		int[] next = new int[senders];
		CallbackSequence<Silent> real = new CallbackSequence<>(new ConnectionLock(), Thread::startVirtualThread, new Silent());
		real.start(() -> {
		});
		List<Thread> threads = IntStream.range(0, senders).mapToObj(me -> Thread.ofPlatform().start(() -> {
			for (int i = 0; i < each; i++) {
				int number = i;
				Runnable event = () -> {
					if (active.incrementAndGet() != 1 || next[me]++ != number) {
						overlaps.incrementAndGet();
					}
					active.decrementAndGet();
					all.countDown();
				};
				if (i % 3 != 0 || !real.runHere(event)) {
					real.submit(List.of(event));
				}
			}
		})).toList();
		for (Thread thread : threads) {
			thread.join(TimeUnit.SECONDS.toMillis(30));
		}
		assertThat(all.await(30, TimeUnit.SECONDS)).as("all events ran").isTrue();
		assertThat(overlaps.get()).as("overlapping or reordered events").isZero();
	}
}
