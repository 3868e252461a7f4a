package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;

/** One HTTP/2 connection carries the WebSockets of many clients. Clients whose callbacks are busy must not stop the others. */
@Timeout(300)
class Http2BusyStreamsTests {
	private static final int STREAM_WINDOW = 64 * 1024;
	private static final int BUSY_STREAMS = 100;
	private static final int MESSAGES = 400;
	private static final byte[] PAYLOAD = new byte[20_000];

	private static final Semaphore BUSY = new Semaphore(0);
	private static final CountDownLatch DONE = new CountDownLatch(1);

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				if (frame.isText()) {
					BUSY.release();
					DONE.await();
				}
				else {
					server.push(frame.fd(), "read");
				}
			};
		}
	}

	@Test
	void readsOtherStreamsWhileManyCallbacksAreBusy() throws Exception {
		try (RunningHawser server = RunningHawser.start(Callbacks.class, "hawser.connection.ping-interval=0s");
				Http2Client client = Http2Client.connect(server.port())) {
			try {
				List<Http2Stream> streams = new ArrayList<>();
				for (int i = 0; i < BUSY_STREAMS; i++) {
					Http2Stream stream = client.webSocket("/ws");
					stream.offer(RawFrame.text("busy").bytes());
					streams.add(stream);
				}
				assertThat(BUSY.tryAcquire(BUSY_STREAMS, 60, TimeUnit.SECONDS)).as("all busy").isTrue();
				streams.forEach(stream -> stream.offer(new byte[STREAM_WINDOW])); // as much as each may have unread
				Http2Stream other = client.webSocket("/ws");
				for (int i = 0; i < MESSAGES; i++) { // together as much as all streams may have unread
					other.offer(RawFrame.binary(PAYLOAD).bytes());
					assertThat(other.frame().text()).isEqualTo("read");
				}
			}
			finally {
				DONE.countDown();
			}
		}
	}
}
