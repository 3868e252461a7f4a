package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

/** A check of the deadlines, in the middle of which a connection becomes a WebSocket. */
class RequestDeadlineRaceTests {
	private final AtomicReference<Runnable> check = new AtomicReference<>();
	private final RequestDeadline deadline = new RequestDeadline(Duration.ofMinutes(5), new OneTask());
	private final ByteArrayEndPoint socket = new ByteArrayEndPoint();

	@Test
	void aWebSocketThatHasJustBegunLivesOn() {
		Upgrading connection = new Upgrading();
		deadline.onOpened(connection);
		connection.becomesWebSocket = true;
		look();
		assertThat(connection.becomesWebSocket).as("still to come").isFalse();
		assertThat(socket.isOpen()).isTrue();
	}

	private void look() {
		deadline.lifeCycleStarted(new AbstractLifeCycle() {
		});
		Objects.requireNonNull(check.get(), "no check").run();
	}

	/** Has had its answer, and becomes a WebSocket when the check asks for its socket. */
	private final class Upgrading extends AbstractConnection {
		private boolean becomesWebSocket;

		Upgrading() {
			super(socket, Runnable::run);
		}

		@Override
		public EndPoint getEndPoint() {
			if (becomesWebSocket) {
				becomesWebSocket = false;
				deadline.onClosed(this);
			}
			return socket;
		}

		@Override
		public long getMessagesIn() {
			return 1;
		}

		@Override
		public void onFillable() {
			throw new AssertionError("nothing is read");
		}
	}

	/** Keeps the task that is to run later. */
	private final class OneTask extends AbstractLifeCycle implements Scheduler {
		@Override
		public Task schedule(Runnable task, long delay, TimeUnit units) {
			check.set(task);
			return () -> true;
		}
	}
}
