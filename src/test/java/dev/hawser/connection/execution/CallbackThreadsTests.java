package dev.hawser.connection.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackThreadsTests {
	private final CallbackThreads threads = new CallbackThreads();
	private final SelectorRound round = new SelectorRound(new NoStandIn());
	private final BlockingQueue<Object> done = new LinkedBlockingQueue<>();

	/** No thread takes over. */
	private static final class NoStandIn implements SelectorRound.StandIn {
		@Override
		public boolean isReady() {
			return false;
		}

		@Override
		public void goOn() {
			throw new AssertionError("asked for although it is never ready");
		}
	}

	@AfterEach
	void end() {
		round.close();
	}

	private Object next() throws InterruptedException {
		return done.poll(60, TimeUnit.SECONDS);
	}

	@Test
	void runsOnVirtualThreads() throws Exception {
		threads.execute(() -> done.add(Thread.currentThread().isVirtual()));
		assertThat(next()).isEqualTo(true);
	}

	@Test
	void holdsWhatTheReaderAsksForUntilItHasRead() throws Exception {
		round.begin();
		threads.execute(() -> done.add(1));
		threads.execute(() -> done.add(2));
		assertThat(round.waiting()).isEqualTo(2);
		round.end();
		assertThat(new Object[] { next(), next() }).containsExactlyInAnyOrder(1, 2);
	}

	@Test
	void startsWhatWaitsBeforeSomethingLonger() throws Exception {
		round.begin();
		threads.execute(() -> done.add(1));
		CallbackThreads.startWaiting();
		assertThat(next()).isEqualTo(1);
		threads.execute(() -> done.add(2));
		assertThat(round.waiting()).as("the round is not over").isEqualTo(1);
	}

	@Test
	void startsAtOnceBetweenRounds() throws Exception {
		round.begin();
		round.end();
		threads.execute(() -> done.add(1));
		assertThat(next()).isEqualTo(1);
	}

	@Test
	void startsAtOnceWhatOtherThreadsAskFor() throws Exception {
		round.begin();
		Thread.ofPlatform().start(() -> threads.execute(() -> done.add("platform"))).join();
		assertThat(next()).isEqualTo("platform");
		Thread.ofVirtual().start(() -> threads.execute(() -> done.add("virtual"))).join();
		assertThat(next()).isEqualTo("virtual");
	}

	@Test
	void startsWhatTheFirstReaderHasLeftWhenAnotherTakesOver() throws Exception {
		round.begin();
		threads.execute(() -> done.add("left"));
		Thread.ofPlatform().start(() -> {
			round.end();
			round.begin();
		}).join();
		assertThat(next()).isEqualTo("left");
		threads.execute(() -> done.add("of a thread like others"));
		assertThat(next()).isEqualTo("of a thread like others");
	}

	@Test
	void doesNotHoldManyForLong() throws Exception {
		round.begin();
		IntStream.rangeClosed(1, SelectorRound.MOST + 1).forEach(i -> threads.execute(() -> done.add(i)));
		for (int i = 0; i < SelectorRound.MOST; i++) {
			assertThat(next()).isNotNull().isNotEqualTo(SelectorRound.MOST + 1);
		}
		assertThat(round.waiting()).isEqualTo(1);
		round.end();
		assertThat(next()).isEqualTo(SelectorRound.MOST + 1);
	}
}
