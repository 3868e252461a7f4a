package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Deadlines.Verdict;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import java.lang.reflect.Modifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class DeadlinesTests {
	private static final long START = 1000;

	/** Pings every 100, waits 40 for a pong, 5 for a close. */
	private static Deadlines deadlines(long idle) {
		return deadlines(100, 40, idle);
	}

	private static Deadlines deadlines(long ping, long pong, long idle) {
		return new Deadlines(new ConnectionSettings(DataSize.ofBytes(1), DataSize.ofBytes(1), SlowConsumerPolicy.CLOSE,
				Duration.ofMillis(ping), Duration.ofMillis(pong), Duration.ofMillis(idle), Duration.ofMillis(5),
				ConnectionSettings.CallbackThreads.ADAPTIVE, TestConnections.UNCOMPRESSED, TestConnections.UNLIMITED), START);
	}

	@Test
	void pingsAtEachInterval() {
		Deadlines deadlines = deadlines(0);
		assertThat(deadlines.nextCheck()).isEqualTo(1100);
		assertThat(deadlines.check(1099, true)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.check(1100, true)).isEqualTo(Verdict.PING);
		deadlines.received(1110);
		assertThat(deadlines.check(1140, true)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.nextCheck()).isEqualTo(1200);
		assertThat(deadlines.check(1200, true)).isEqualTo(Verdict.PING);
	}

	@Test
	void takesASilentPeerForDead() {
		Deadlines deadlines = deadlines(0);
		deadlines.check(1100, true);
		assertThat(deadlines.nextCheck()).isEqualTo(1140);
		assertThat(deadlines.check(1139, true)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.check(1140, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void takesAnyBytesForAnAnswer() {
		Deadlines deadlines = deadlines(0);
		deadlines.check(1100, true);
		deadlines.receivedMessage(1139);
		assertThat(deadlines.check(1140, true)).isEqualTo(Verdict.QUIET);
	}

	@Test
	void doesNotTakeEarlierBytesForAnAnswer() {
		Deadlines deadlines = deadlines(0);
		deadlines.receivedMessage(1099);
		deadlines.check(1100, true);
		assertThat(deadlines.check(1140, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void isNotPutOffByFurtherPingsWhenThePongTimeoutIsLonger() {
		Deadlines deadlines = deadlines(100, 250, 0);
		assertThat(deadlines.check(1100, true)).isEqualTo(Verdict.PING);
		assertThat(deadlines.check(1200, true)).isEqualTo(Verdict.PING);
		assertThat(deadlines.check(1300, true)).isEqualTo(Verdict.PING);
		assertThat(deadlines.nextCheck()).isEqualTo(1350);
		assertThat(deadlines.check(1350, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void doesNotCountSilenceWhileACallbackHoldsUpTheReading() {
		Deadlines deadlines = deadlines(0);
		deadlines.check(1100, true);
		assertThat(deadlines.check(1140, false)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.nextCheck()).isEqualTo(1180);
		assertThat(deadlines.check(1180, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void givesTheWholePongTimeoutFromWhenReadingResumes() {
		Deadlines deadlines = deadlines(0);
		deadlines.check(1100, true);
		deadlines.resumed(1139);
		assertThat(deadlines.check(1140, true)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.nextCheck()).isEqualTo(1179);
		assertThat(deadlines.check(1179, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void isIdleWithoutAMessageEitherWay() {
		Deadlines deadlines = deadlines(0, 40, 300);
		deadlines.receivedMessage(1100);
		assertThat(deadlines.nextCheck()).isEqualTo(1400);
		deadlines.sentMessage(1200);
		assertThat(deadlines.nextCheck()).isEqualTo(1500);
		deadlines.received(1300);
		deadlines.sent(1310);
		assertThat(deadlines.check(1499, true)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.check(1500, true)).as("control frames do not count").isEqualTo(Verdict.IDLE);
	}

	@Test
	void isNotIdleWhileACallbackRuns() {
		Deadlines deadlines = deadlines(0, 40, 300);
		assertThat(deadlines.check(1300, false)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.nextCheck()).isEqualTo(1600);
		assertThat(deadlines.check(1600, true)).isEqualTo(Verdict.IDLE);
	}

	@Test
	void asksForTheNextOfPingPongAndIdle() {
		Deadlines deadlines = deadlines(120);
		assertThat(deadlines.nextCheck()).as("ping").isEqualTo(1100);
		deadlines.check(1100, true);
		assertThat(deadlines.nextCheck()).as("idle").isEqualTo(1120);
		deadlines.sentMessage(1110);
		assertThat(deadlines.nextCheck()).as("pong").isEqualTo(1140);
	}

	@Test
	void hasNothingToDoWhenAllIsOff() {
		Deadlines deadlines = deadlines(0, 40, 0);
		assertThat(deadlines.nextCheck()).isEqualTo(-1);
		assertThat(deadlines.check(Long.MAX_VALUE / 2, true)).isEqualTo(Verdict.QUIET);
	}

	@Test
	void knowsNothingButTheCloseOnceItHasBegun() {
		Deadlines deadlines = deadlines(300);
		deadlines.check(1100, true);
		assertThat(deadlines.closing(1101)).isEqualTo(1106);
		assertThat(deadlines.nextCheck()).isEqualTo(1106);
		assertThat(deadlines.check(1105, true)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.check(1106, true)).isEqualTo(Verdict.CLOSE_OVERDUE);
		assertThat(deadlines.closing(1106)).as("the second step has its own time").isEqualTo(1111);
		assertThat(deadlines.check(1110, false)).isEqualTo(Verdict.QUIET);
		assertThat(deadlines.check(1111, false)).isEqualTo(Verdict.CLOSE_OVERDUE);
	}

	@Test
	void remembersWhenBytesCameAndFramesWent() {
		Deadlines deadlines = deadlines(0);
		assertThat(deadlines.lastReceived()).isEqualTo(START);
		deadlines.received(1005);
		deadlines.sent(1007);
		assertThat(deadlines.lastReceived()).isEqualTo(1005);
		assertThat(deadlines.lastSent()).isEqualTo(1007);
	}

	/**
	 * Three threads use deadlines without a lock: the one that opens the connection, the one that renews its token, and the timer wheel's.
	 */
	@Test
	void mayBeUsedBySeveralThreads() {
		assertThat(Deadlines.class.getDeclaredFields()).allMatch(field -> Modifier.isFinal(field.getModifiers())
				|| Modifier.isVolatile(field.getModifiers()));
	}
}
