package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.connection.TestConnections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PacedCloseTests {
	private static final Duration ENDLESS = Duration.ofDays(1);

	private final Connections connections = TestConnections.connections(Runnable::run);
	private final List<ScriptedTransport> transports = new ArrayList<>();
	private final PacedClose closing = new PacedClose();
	private final AtomicInteger closed = new AtomicInteger();
	private int cancelAfter = -1;
	private final Hub hub = TestConnections.hub(new ConnectionObserver() {
		@Override
		public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
			if (closed.incrementAndGet() == cancelAfter) {
				closing.cancel();
			}
		}
	});

	@AfterEach
	void stop() {
		connections.close();
	}

	private void open(int count) {
		for (int i = 0; i < count; i++) {
			transports.add(new ScriptedTransport());
			TestConnections.open(hub, connections, transports.getLast());
		}
	}

	private Duration timeToClose(Duration window) throws InterruptedException {
		long start = System.nanoTime();
		closing.run(connections, CloseReasons.SHUTDOWN, window);
		return Duration.ofNanos(System.nanoTime() - start);
	}

	@Test
	void closesEveryConnectionWithTheStatus() throws Exception {
		open(20);
		closing.run(connections, CloseReasons.SHUTDOWN, Duration.ofMillis(100));
		assertThat(transports).allSatisfy(transport -> {
			assertThat(transport.frames()).hasSize(1);
			assertThat(transport.frames().getFirst().closeCode()).isEqualTo(1012);
			assertThat(transport.frames().getFirst().closeReason()).isEqualTo("service restart");
		});
	}

	/** The last connection is closed in the last of the 50 parts of the window, and never earlier. */
	@Test
	void takesTheWindowForManyConnections() throws Exception {
		open(50);
		assertThat(timeToClose(Duration.ofMillis(500))).isGreaterThan(Duration.ofMillis(489));
		assertThat(closed).hasValue(50);
	}

	/** 25 connections at 50 in a second take half a second, whatever the window is. */
	@Test
	void doesNotNeedTheWindowForFewConnections() throws Exception {
		open(25);
		assertThat(timeToClose(ENDLESS)).isBetween(Duration.ofMillis(479), Duration.ofSeconds(50));
		assertThat(closed).hasValue(25);
	}

	@Test
	void closesAllAtOnceWithoutAWindow() throws Exception {
		open(1000);
		closing.run(connections, CloseReasons.SHUTDOWN, Duration.ZERO);
		assertThat(closed).hasValue(1000);
	}

	@Test
	void hasNothingToDoWhereNothingIsOpen() throws Exception {
		closing.run(connections, CloseReasons.SHUTDOWN, ENDLESS);
		assertThat(closed).hasValue(0);
	}

	@Test
	void waitsForNothingThatIsClosedAlready() throws Exception {
		open(100);
		connections.all().toList().forEach(connection -> connection.startClosing(CloseReasons.REVOKED));
		int before = closed.get();
		closing.run(connections, CloseReasons.SHUTDOWN, ENDLESS);
		assertThat(closed).hasValue(before);
	}

	@Test
	void stopsWhenItIsCancelled() throws Exception {
		open(1000);
		cancelAfter = 3;
		closing.run(connections, CloseReasons.SHUTDOWN, Duration.ofSeconds(10));
		assertThat(closed).hasValue(3);
	}

	@Test
	void doesNothingWhenItWasCancelledBefore() throws Exception {
		open(10);
		closing.cancel();
		assertThat(TimeUnit.NANOSECONDS.toSeconds(timeToClose(ENDLESS).toNanos())).isLessThan(50);
		assertThat(closed).hasValue(0);
	}
}
