package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.connection.Deadlines.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

/** A client is judged by what it has sent, not by what has been read of it. The clock goes as the test says. */
class DeadlineTimerTests {
	private static final long PING = 1000;
	private static final long PONG = 2000;
	private static final long IDLE = 60_000;

	private final TimerWheel wheel = new TimerWheel(() -> {
	});
	private final ScriptedTransport transport = new ScriptedTransport();
	private final List<Verdict> verdicts = new ArrayList<>();
	private final DeadlineTimer timer = new DeadlineTimer(wheel, opening(), transport, new DeadlineTimer.Owner() {
		@Override
		public boolean isBeingRead() {
			return true;
		}

		@Override
		public void due(Verdict verdict) {
			if (verdict != Verdict.QUIET) {
				verdicts.add(verdict);
			}
		}
	});

	private static OpeningHandshake opening() {
		ConnectionSettings settings = new ConnectionSettings(DataSize.ofBytes(1), DataSize.ofBytes(1), SlowConsumerPolicy.CLOSE,
				Duration.ofMillis(PING), Duration.ofMillis(PONG), Duration.ofMillis(IDLE), Duration.ofSeconds(5),
				ConnectionSettings.CallbackThreads.ADAPTIVE, TestConnections.UNCOMPRESSED, TestConnections.UNLIMITED);
		return new OpeningHandshake(new Hub(Hub.DEFAULT, settings, List.of(ConnectionObserver.NONE)), 1,
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, null, null, new HashMap<>());
	}

	/** Pings the client, which answers; then the process stands still for an hour. */
	private void standStill() {
		timer.schedule();
		wheel.advance(PING);
		assertThat(verdicts).containsExactly(Verdict.PING);
		verdicts.clear();
		transport.quiet = false;
		wheel.advance(3_600_000);
	}

	@Test
	void readsAClientAfterAPauseBeforeItIsTakenForDead() {
		standStill();
		assertThat(verdicts).isEmpty();
		timer.receivedMessage();
		transport.quiet = true;
		wheel.advance(3_600_000 + DeadlineTimer.GRACE_MILLIS);
		assertThat(verdicts).isSubsetOf(Verdict.PING);
	}

	@Test
	void closesADeadClientAfterThat() {
		standStill();
		transport.quiet = true;
		wheel.advance(3_600_000 + DeadlineTimer.GRACE_MILLIS);
		assertThat(verdicts).containsExactly(Verdict.NO_PONG);
	}

	@Test
	void closesADeadClientAtOnceWhenNothingIsUnread() {
		timer.schedule();
		wheel.advance(PING);
		wheel.advance(2 * PING);
		wheel.advance(PING + PONG);
		assertThat(verdicts).containsExactly(Verdict.PING, Verdict.PING, Verdict.NO_PONG);
	}

	@Test
	void waitsForABusySelectorAsLongAsBytesAreUnread() {
		standStill();
		for (int i = 1; i < 100; i++) {
			wheel.advance(3_600_000 + i * DeadlineTimer.GRACE_MILLIS);
		}
		assertThat(verdicts).isEmpty();
	}

	/** A client that sends without end would otherwise keep its socket for ever. */
	@Test
	void waitsOnceForAClientThatShouldHangUp() {
		transport.quiet = false;
		timer.closing();
		wheel.advance(5_000);
		assertThat(verdicts).isEmpty();
		wheel.advance(5_000 + DeadlineTimer.GRACE_MILLIS);
		assertThat(verdicts).containsExactly(Verdict.CLOSE_OVERDUE);
	}
}
