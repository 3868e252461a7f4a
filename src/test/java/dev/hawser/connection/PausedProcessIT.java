package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.Together;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * SIGSTOP to the packaged server for longer than any deadline, while its clients send. None of them may be closed; a client that is
 * really dead must be.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGSTOP")
@Isolated("all clients must have a ping before the first one is late with its pong")
@Timeout(300)
class PausedProcessIT {
	private static final int CLIENTS = 200;
	private static final int STREAMS = 20;
	private static final long PAUSE_MILLIS = 9_000;

	/** All clients have a ping to answer, and the server is to be paused. */
	private final CyclicBarrier pinged = new CyclicBarrier(CLIENTS + STREAMS + 1);
	private final CountDownLatch paused = new CountDownLatch(1);
	private final CyclicBarrier sent = new CyclicBarrier(CLIENTS + STREAMS + 1);

	@Test
	void closesNoClientThatHasSentMeanwhile() throws Exception {
		try (HawserJar hawser = HawserJar.start("hawser.handshake.token.required=false", "hawser.connection.ping-interval=1s",
				"hawser.connection.pong-timeout=7s", "hawser.request.timeout=7s")) {
			int port = hawser.url().getPort();
			AtomicReference<String> server = new AtomicReference<>("running");
			try (Http2Client connection = Http2Client.connect(port);
					RawClient dead = RawClient.connect(port).upgrade("/ws")) {
				List<RawClient> clients = new ArrayList<>();
				for (int i = 0; i < CLIENTS; i++) {
					clients.add(RawClient.connect(port).upgrade("/ws"));
				}
				Http2Stream deadStream = connection.webSocket("/ws");
				List<Http2Stream> streams = new ArrayList<>();
				for (int i = 0; i < STREAMS; i++) {
					streams.add(connection.webSocket("/ws"));
				}
				Together.run(CLIENTS + STREAMS + 1, i -> {
					if (i < CLIENTS) {
						live(clients.get(i)::frame, clients.get(i)::send);
					}
					else if (i < CLIENTS + STREAMS) {
						live(streams.get(i - CLIENTS)::frame, streams.get(i - CLIENTS)::send);
					}
					else {
						pause(hawser, server);
					}
				});
				assertThat(dead.message().closeReason()).isEqualTo("no pong");
				ReceivedFrame last = deadStream.frame();
				while (last.opcode() == 9) {
					last = deadStream.frame();
				}
				assertThat(last.closeReason()).isEqualTo("no pong");
				for (RawClient client : clients) {
					client.close();
				}
			}
		}
	}

	private void pause(HawserJar hawser, AtomicReference<String> server) throws Exception {
		pinged.await(1, TimeUnit.MINUTES);
		hawser.program().signal("STOP");
		paused.countDown();
		sent.await(1, TimeUnit.MINUTES);
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
		while (System.nanoTime() < end) {
			assertThat(new CountDownLatch(1).await(end - System.nanoTime(), TimeUnit.NANOSECONDS)).as(server.get()).isFalse();
		}
		hawser.program().signal("CONT");
	}

	@FunctionalInterface
	private interface Incoming {
		ReceivedFrame next() throws IOException;
	}

	@FunctionalInterface
	private interface Outgoing {
		Object send(RawFrame... frames) throws Exception;
	}

	/** Answers the first ping only when the server has been paused, and sends a message too; then expects its echo. */
	private void live(Incoming in, Outgoing out) throws Exception {
		ReceivedFrame frame = in.next();
		assertThat(frame.opcode()).as("a ping").isEqualTo(9);
		pinged.await(1, TimeUnit.MINUTES);
		paused.await();
		out.send(RawFrame.pong(), RawFrame.text("sent during the pause"));
		sent.await(1, TimeUnit.MINUTES);
		frame = in.next();
		while (frame.opcode() == 9) {
			out.send(RawFrame.pong());
			frame = in.next();
		}
		assertThat(frame.isClose() ? frame.closeReason() : frame.text()).isEqualTo("sent during the pause");
	}
}
