package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.CloseInitiator;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Witness;
import dev.hawser.testing.Witness.Ending;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pings, pong timeout and idle timeout: which connections are closed, and which are not. */
class KeepAliveTests {

	/** Reads all the time and answers each ping with the given frames; all other frames go into a queue. */
	private static final class Answering implements AutoCloseable {
		private final RawClient client;
		private final LinkedBlockingQueue<ReceivedFrame> received = new LinkedBlockingQueue<>();

		Answering(RawClient client, RawFrame... answer) {
			this.client = client;
			Thread.startVirtualThread(() -> {
				try {
					while (true) {
						ReceivedFrame frame = client.frame();
						if (frame.opcode() == 9) {
							client.send(answer);
						}
						else {
							received.add(frame);
						}
					}
				}
				catch (IOException e) {
					// the end of the test
				}
			});
		}

		ReceivedFrame next() throws InterruptedException {
			ReceivedFrame frame = received.poll(60, TimeUnit.SECONDS);
			assertThat(frame).as("a frame within a minute").isNotNull();
			return frame;
		}

		@Override
		public void close() throws IOException {
			client.close();
		}
	}

	@Test
	void closesTheClientThatLeavesPingsUnansweredAndNoOther() throws Exception {
		try (RunningHawser server = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.ping-interval=100ms",
				"hawser.connection.pong-timeout=10s")) {
			Witness witness = server.bean(Witness.class);
			CountDownLatch release = witness.block();
			RawClient busyClient = server.connect();
			busyClient.send(RawFrame.text("block"));
			try (Answering busy = new Answering(busyClient, RawFrame.pong());
					Answering ponging = new Answering(server.connect(), RawFrame.pong());
					Answering talking = new Answering(server.connect(), RawFrame.text("not a pong"));
					RawClient silent = server.connect()) {
				long fd = Witness.fd(silent);
				ReceivedFrame first = silent.frame();
				assertThat(first.opcode()).as("a ping").isEqualTo(9);
				assertThat(first.payload()).isEmpty();
				ReceivedFrame close = silent.message();
				assertThat(close.closeCode()).isEqualTo(1001);
				assertThat(close.closeReason()).isEqualTo("no pong");
				assertThat(silent.ended()).isTrue();
				assertThat(witness.ended(fd)).isEqualTo(new Ending(1001, "no pong", CloseInitiator.SERVER));

				ponging.client.send(RawFrame.text("alive"));
				assertThat(ponging.next().text()).isEqualTo("alive");
				assertThat(talking.next().text()).isEqualTo("not a pong");
				talking.client.send(RawFrame.text("alive"));
				ReceivedFrame next = talking.next();
				while (next.text().equals("not a pong")) {
					next = talking.next();
				}
				assertThat(next.text()).isEqualTo("alive");

				assertThat(busy.received).as("nothing came to the client whose callback blocks").isEmpty();
				release.countDown();
				assertThat(busy.next().text()).isEqualTo("unblocked");
				busy.client.send(RawFrame.text("alive"));
				assertThat(busy.next().text()).isEqualTo("alive");
			}
			finally {
				release.countDown();
			}
		}
	}

	@Test
	void closesTheClientWithoutMessagesAndNoOther() throws Exception {
		try (RunningHawser server = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.ping-interval=50ms",
				"hawser.connection.idle-timeout=10s")) {
			Witness witness = server.bean(Witness.class);
			CountDownLatch release = witness.block();
			try (RawClient talking = server.connect();
					RawClient busy = server.connect();
					Answering idle = new Answering(server.connect(), RawFrame.pong())) {
				busy.send(RawFrame.text("block"));
				idle.client.send(RawFrame.text("fd"));
				long fd = Long.parseLong(idle.next().text());
				int rounds = 0;
				while (!witness.hasEnded(fd) && idle.received.isEmpty()) {
					talking.send(RawFrame.text("m" + rounds));
					assertThat(talking.message().text()).isEqualTo("m" + rounds);
					rounds++;
				}
				ReceivedFrame close = idle.next();
				assertThat(close.closeCode()).as("pongs do not keep it").isEqualTo(1001);
				assertThat(close.closeReason()).isEqualTo("idle timeout");
				idle.client.send(RawFrame.close(1001, ""));
				assertThat(witness.ended(fd)).isEqualTo(new Ending(1001, "idle timeout", CloseInitiator.SERVER));

				talking.send(RawFrame.text("alive"));
				assertThat(talking.message().text()).isEqualTo("alive");
				release.countDown();
				assertThat(busy.message().text()).isEqualTo("unblocked");
			}
			finally {
				release.countDown();
			}
		}
	}
}
