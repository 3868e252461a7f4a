package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Deadlines.Verdict;
import dev.hawser.connection.outbox.SlowConsumerPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class DeadlinesTests {
	private static final long START = 1000;

	/** Pings every 100, waits 40 for a pong, 5 for a close. */
	private static Deadlines heartbeat(long idle) {
		return heartbeat(100, 40, idle);
	}

	private static Deadlines heartbeat(long ping, long pong, long idle) {
		return new Deadlines(new ConnectionSettings(DataSize.ofBytes(1), DataSize.ofBytes(1), SlowConsumerPolicy.CLOSE,
				Duration.ofMillis(ping), Duration.ofMillis(pong), Duration.ofMillis(idle), Duration.ofMillis(5),
				TestConnections.UNCOMPRESSED, TestConnections.UNLIMITED), START);
	}

	@Test
	void pingsAtEachInterval() {
		Deadlines heartbeat = heartbeat(0);
		assertThat(heartbeat.nextCheck()).isEqualTo(1100);
		assertThat(heartbeat.check(1099, true)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.check(1100, true)).isEqualTo(Verdict.PING);
		heartbeat.received(1110, false);
		assertThat(heartbeat.check(1140, true)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.nextCheck()).isEqualTo(1200);
		assertThat(heartbeat.check(1200, true)).isEqualTo(Verdict.PING);
	}

	@Test
	void takesASilentPeerForDead() {
		Deadlines heartbeat = heartbeat(0);
		heartbeat.check(1100, true);
		assertThat(heartbeat.nextCheck()).isEqualTo(1140);
		assertThat(heartbeat.check(1139, true)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.check(1140, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void takesAnyBytesForAnAnswer() {
		Deadlines heartbeat = heartbeat(0);
		heartbeat.check(1100, true);
		heartbeat.received(1139, true);
		assertThat(heartbeat.check(1140, true)).isEqualTo(Verdict.QUIET);
	}

	@Test
	void doesNotTakeEarlierBytesForAnAnswer() {
		Deadlines heartbeat = heartbeat(0);
		heartbeat.received(1099, true);
		heartbeat.check(1100, true);
		assertThat(heartbeat.check(1140, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void isNotPutOffByFurtherPingsWhenThePongTimeoutIsLonger() {
		Deadlines heartbeat = heartbeat(100, 250, 0);
		assertThat(heartbeat.check(1100, true)).isEqualTo(Verdict.PING);
		assertThat(heartbeat.check(1200, true)).isEqualTo(Verdict.PING);
		assertThat(heartbeat.check(1300, true)).isEqualTo(Verdict.PING);
		assertThat(heartbeat.nextCheck()).isEqualTo(1350);
		assertThat(heartbeat.check(1350, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void doesNotCountSilenceWhileACallbackHoldsUpTheReading() {
		Deadlines heartbeat = heartbeat(0);
		heartbeat.check(1100, true);
		assertThat(heartbeat.check(1140, false)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.nextCheck()).isEqualTo(1180);
		assertThat(heartbeat.check(1180, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void givesTheWholePongTimeoutFromWhenReadingGoesOn() {
		Deadlines heartbeat = heartbeat(0);
		heartbeat.check(1100, true);
		heartbeat.resumed(1139);
		assertThat(heartbeat.check(1140, true)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.nextCheck()).isEqualTo(1179);
		assertThat(heartbeat.check(1179, true)).isEqualTo(Verdict.NO_PONG);
	}

	@Test
	void isIdleWithoutAMessageEitherWay() {
		Deadlines heartbeat = heartbeat(0, 40, 300);
		heartbeat.received(1100, true);
		assertThat(heartbeat.nextCheck()).isEqualTo(1400);
		heartbeat.sent(1200, true);
		assertThat(heartbeat.nextCheck()).isEqualTo(1500);
		heartbeat.received(1300, false);
		heartbeat.sent(1310, false);
		assertThat(heartbeat.check(1499, true)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.check(1500, true)).as("control frames do not count").isEqualTo(Verdict.IDLE);
	}

	@Test
	void isNotIdleWhileACallbackRuns() {
		Deadlines heartbeat = heartbeat(0, 40, 300);
		assertThat(heartbeat.check(1300, false)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.nextCheck()).isEqualTo(1600);
		assertThat(heartbeat.check(1600, true)).isEqualTo(Verdict.IDLE);
	}

	@Test
	void asksForTheNextOfPingPongAndIdle() {
		Deadlines heartbeat = heartbeat(120);
		assertThat(heartbeat.nextCheck()).as("ping").isEqualTo(1100);
		heartbeat.check(1100, true);
		assertThat(heartbeat.nextCheck()).as("idle").isEqualTo(1120);
		heartbeat.sent(1110, true);
		assertThat(heartbeat.nextCheck()).as("pong").isEqualTo(1140);
	}

	@Test
	void hasNothingToDoWhenAllIsOff() {
		Deadlines heartbeat = heartbeat(0, 40, 0);
		assertThat(heartbeat.nextCheck()).isEqualTo(-1);
		assertThat(heartbeat.check(Long.MAX_VALUE / 2, true)).isEqualTo(Verdict.QUIET);
	}

	@Test
	void knowsNothingButTheCloseOnceItHasBegun() {
		Deadlines heartbeat = heartbeat(300);
		heartbeat.check(1100, true);
		assertThat(heartbeat.closing(1101)).isEqualTo(1106);
		assertThat(heartbeat.nextCheck()).isEqualTo(1106);
		assertThat(heartbeat.check(1105, true)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.check(1106, true)).isEqualTo(Verdict.CLOSE_OVERDUE);
		assertThat(heartbeat.closing(1106)).as("the second step has its own time").isEqualTo(1111);
		assertThat(heartbeat.check(1110, false)).isEqualTo(Verdict.QUIET);
		assertThat(heartbeat.check(1111, false)).isEqualTo(Verdict.CLOSE_OVERDUE);
	}

	@Test
	void remembersWhenBytesCameAndFramesWent() {
		Deadlines heartbeat = heartbeat(0);
		assertThat(heartbeat.lastReceived()).isEqualTo(START);
		heartbeat.received(1005, false);
		heartbeat.sent(1007, false);
		assertThat(heartbeat.lastReceived()).isEqualTo(1005);
		assertThat(heartbeat.lastSent()).isEqualTo(1007);
	}
}
