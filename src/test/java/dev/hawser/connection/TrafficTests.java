package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.ConnectionSnapshot.Traffic;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Witness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The counters of connectionInfo against what really went over the wire. */
class TrafficTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.shared(Witness.Callbacks.class, "hawser.connection.close-timeout=10m");
	}

	private static int bytes(RawFrame... frames) {
		int sum = 0;
		for (RawFrame frame : frames) {
			sum += frame.bytes().length;
		}
		return sum;
	}

	@Test
	void countsMessagesAndBytesEachWay() throws Exception {
		try (RawClient client = server.connect()) {
			RawFrame[] sent = { RawFrame.text("fd"), RawFrame.text("\u20ac".repeat(100)), RawFrame.binary(new byte[70_000]),
					RawFrame.ping(new byte[20]), RawFrame.pong(), RawFrame.text("a").unfinished(), RawFrame.continuation("b") };
			client.send(sent);
			long fd = 0;
			int out = 0;
			for (int i = 0; i < 5; i++) { // four messages and a pong
				ReceivedFrame frame = client.message();
				int length = frame.payload().length;
				out += length + (length < 126 ? 2 : length < 65536 ? 4 : 10);
				if (fd == 0 && frame.opcode() == 1) {
					fd = Long.parseLong(frame.text());
				}
			}
			ConnectionSnapshot info = server.bean(WebSocketServer.class).connectionInfo(fd).orElseThrow();
			assertThat(info.traffic()).isEqualTo(new Traffic(4, bytes(sent), 4, out));
			assertThat(info.queuedBytes()).isZero();
			assertThat(info.fd()).isEqualTo(fd);
			assertThat(info.connectionId()).matches("test-[0-9a-z]+-" + fd);
			assertThat(info.remoteAddress()).isEqualTo(client.socket().getLocalSocketAddress());
			assertThat(info.lastReceivedAt()).isAfterOrEqualTo(info.connectedAt());
			assertThat(info.lastSentAt()).isAfterOrEqualTo(info.connectedAt());
		}
	}

	@Test
	void countsOnlyWhatBelongsToEachConnection() throws Exception {
		try (RawClient one = server.connect(); RawClient other = server.connect()) {
			long first = Witness.fd(one);
			long second = Witness.fd(other);
			for (int i = 0; i < 10; i++) {
				one.send(RawFrame.text("x"));
				one.message();
			}
			WebSocketServer info = server.bean(WebSocketServer.class);
			assertThat(info.connectionInfo(first).orElseThrow().traffic().messagesIn()).isEqualTo(11);
			assertThat(info.connectionInfo(first).orElseThrow().traffic().messagesOut()).isEqualTo(11);
			assertThat(info.connectionInfo(second).orElseThrow().traffic().messagesIn()).isEqualTo(1);
			assertThat(info.connectionInfo(second).orElseThrow().traffic().messagesOut()).isEqualTo(1);
		}
	}
}
