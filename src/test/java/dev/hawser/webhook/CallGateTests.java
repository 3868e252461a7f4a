package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How many calls there may be, and in which order those that wait begin. */
class CallGateTests {
	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void letsThoseThatWaitInInTheirOrder() throws Exception {
		CallGate gate = new CallGate(1, 10, LONG);
		gate.enter();
		Queue<Integer> entered = new ConcurrentLinkedQueue<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			int number = i;
			threads.add(Thread.ofVirtual().start(() -> {
				try {
					gate.enter();
					entered.add(number);
					gate.leave();
				}
				catch (NoAnswerException | InterruptedException e) {
					entered.add(-1);
				}
			}));
			await().until(() -> gate.waiting() == number + 1);
		}
		assertThat(gate.underWay()).isEqualTo(1);
		gate.leave();
		for (Thread thread : threads) {
			assertThat(thread.join(LONG)).isTrue();
		}
		assertThat(entered).containsExactly(0, 1, 2, 3, 4);
		assertThat(gate.underWay()).isZero();
		assertThat(gate.waiting()).isZero();
	}

	@Test
	void letsOnlySoManyWait() throws Exception {
		CallGate gate = new CallGate(1, 1, LONG);
		gate.enter();
		CountDownLatch through = new CountDownLatch(1);
		Thread waiting = Thread.ofVirtual().start(() -> {
			try {
				gate.enter();
				through.countDown();
			}
			catch (NoAnswerException | InterruptedException e) {
				// the latch stays
			}
		});
		await().until(() -> gate.waiting() == 1);
		assertThatThrownBy(gate::enter).isInstanceOf(NoAnswerException.class).hasMessage("more than 1 calls wait for it");
		gate.leave();
		through.await();
		assertThat(waiting.join(LONG)).isTrue();
	}

	@Test
	void letsNoneWaitForLong() throws Exception {
		CallGate gate = new CallGate(1, 1, Duration.ofMillis(5));
		gate.enter();
		assertThatThrownBy(gate::enter).isInstanceOf(NoAnswerException.class).hasMessage("a call waited for 5ms to begin");
		gate.leave();
		gate.enter();
		assertThat(gate.underWay()).isEqualTo(1);
	}
}
