package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Witness;
import dev.hawser.testing.Witness.Ending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that do not read the messages that they get. */
class SlowConsumerTests {
	private static final int BOUND = 256 * 1024;
	private static final byte[] MESSAGE = new byte[16 * 1024];

	private static RunningHawser closing;
	private static RunningHawser dropping;

	@BeforeAll
	static void start() {
		closing = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.outbox-size=" + BOUND + "B",
				"hawser.connection.close-timeout=10m");
		dropping = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.outbox-size=" + BOUND + "B",
				"hawser.connection.slow-consumer=drop", "hawser.connection.close-timeout=10m");
	}

	@AfterAll
	static void stop() {
		dropping.close();
		closing.close();
	}

	/** Pushes until a message is refused; returns the result of each push. */
	private static List<SendResult> pushUntilRefused(WebSocketServer server, long fd) {
		List<SendResult> results = new ArrayList<>();
		do {
			results.add(server.push(fd, MESSAGE));
			assertThat(results).as("pushes before the outbox was full").hasSizeLessThan(10_000);
		}
		while (results.getLast().accepted());
		return results;
	}

	@Test
	void sendsThenQueuesThenClosesWith1013() throws Exception {
		try (RawClient client = closing.connect()) {
			long fd = Witness.fd(client);
			List<SendResult> results = pushUntilRefused(closing.bean(WebSocketServer.class), fd);
			assertThat(results.getFirst()).isEqualTo(SendResult.SENT);
			assertThat(results.getLast()).isEqualTo(new SendResult.Overflowed(BOUND));
			assertThat(results.get(results.size() - 2)).isInstanceOf(SendResult.Queued.class);
			assertThat(results).allSatisfy(result -> {
				if (result instanceof SendResult.Queued(long queued)) {
					assertThat(queued).as("queued bytes").isBetween(1L, (long) BOUND);
				}
			});
			assertThat(closing.bean(Witness.class).ended(fd)).isEqualTo(new Ending(1013, "slow consumer", CloseInitiator.SERVER));
			for (int i = 0; i < results.size() - 1; i++) {
				assertThat(client.message().payload()).as("message %d", i).isEqualTo(MESSAGE);
			}
			assertThat(client.message().closeCode()).isEqualTo(1013);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void dropsWhatDoesNotFitWhereThatIsThePolicy() throws Exception {
		try (RawClient client = dropping.connect()) {
			long fd = Witness.fd(client);
			WebSocketServer server = dropping.bean(WebSocketServer.class);
			List<SendResult> results = pushUntilRefused(server, fd);
			for (int i = 0; i < 1000; i++) {
				server.push(fd, MESSAGE);
				assertThat(server.connectionInfo(fd).orElseThrow().queuedBytes()).isLessThanOrEqualTo(BOUND);
			}
			assertThat(server.isEstablished(fd)).isTrue();
			long accepted = server.connectionInfo(fd).orElseThrow().traffic().messagesOut();
			assertThat(accepted).isGreaterThanOrEqualTo(results.size());
			for (long i = 1; i < accepted; i++) { // the first was the answer with the fd
				assertThat(client.message().payload()).as("message %d", i).isEqualTo(MESSAGE);
			}
			assertThat(server.push(fd, "caught up").accepted()).isTrue();
			assertThat(client.message().text()).isEqualTo("caught up");
		}
	}

	@Test
	void dropsAMessageInFragmentsAsAWhole() throws Exception {
		try (RawClient client = dropping.connect()) {
			long fd = Witness.fd(client);
			WebSocketServer server = dropping.bean(WebSocketServer.class);
			pushUntilRefused(server, fd);
			assertThat(server.push(fd, MESSAGE, Opcode.BINARY, false)).isEqualTo(new SendResult.Overflowed(BOUND));
			assertThat(server.push(fd, MESSAGE, Opcode.CONTINUATION, false)).isEqualTo(new SendResult.Overflowed(BOUND));
			long waiting = server.connectionInfo(fd).orElseThrow().traffic().messagesOut() - 1; // the answer with the fd has come
			for (long i = 0; i < waiting; i++) {
				assertThat(client.message().payload()).isEqualTo(MESSAGE);
			}
			Awaitility.await().until(() -> server.connectionInfo(fd).orElseThrow().queuedBytes() == 0);
			assertThat(server.push(fd, new byte[1], Opcode.CONTINUATION, true)).as("although there is room again")
					.isEqualTo(new SendResult.Overflowed(BOUND));
			assertThat(server.push(fd, "next").accepted()).isTrue();
			assertThat(client.message().text()).isEqualTo("next");
		}
	}

	@Test
	void closesWhenThereIsNoRoomForALaterFragmentWhateverThePolicy() throws Exception {
		try (RawClient client = dropping.connect()) {
			long fd = Witness.fd(client);
			WebSocketServer server = dropping.bean(WebSocketServer.class);
			assertThat(server.push(fd, MESSAGE, Opcode.BINARY, false).accepted()).isTrue();
			int accepted = 1;
			while (server.push(fd, MESSAGE, Opcode.CONTINUATION, false).accepted()) {
				assertThat(accepted++).as("fragments before the outbox was full").isLessThan(10_000);
			}
			assertThat(dropping.bean(Witness.class).ended(fd)).isEqualTo(new Ending(1013, "slow consumer", CloseInitiator.SERVER));
			for (int i = 0; i < accepted; i++) {
				assertThat(client.message().payload()).as("fragment %d", i).isEqualTo(MESSAGE);
			}
			assertThat(client.message().closeCode()).isEqualTo(1013);
		}
	}

	@Test
	void doesNotLetOneClientThatDoesNotReadHoldUpAnother() throws Exception {
		try (RawClient slow = dropping.connect(); RawClient quick = dropping.connect()) {
			long fd = Witness.fd(slow);
			pushUntilRefused(dropping.bean(WebSocketServer.class), fd);
			for (int i = 0; i < 100; i++) {
				quick.send(RawFrame.text("m" + i));
				assertThat(quick.message().text()).isEqualTo("m" + i);
			}
		}
	}

	@Test
	void closesAClientThatPingsAndNeverReadsThePongs() throws Exception {
		Witness witness = closing.bean(Witness.class);
		try (RawClient client = closing.connect()) {
			long fd = Witness.fd(client);
			RawFrame[] pings = new RawFrame[500];
			Arrays.setAll(pings, _ -> RawFrame.ping(new byte[125]));
			Instant end = Instant.now().plusSeconds(60);
			while (!witness.hasEnded(fd)) {
				client.send(pings);
				assertThat(Instant.now()).as("still open").isBefore(end);
			}
			assertThat(witness.ended(fd).code()).isEqualTo(1013);
		}
	}

	@Test
	void refusesTooLargeAMessageAndLivesOn() throws Exception {
		try (RawClient client = closing.connect()) {
			long fd = Witness.fd(client);
			WebSocketServer server = closing.bean(WebSocketServer.class);
			int largest = 1024 * 1024; // the message limit, which is over the outbox's
			assertThat(server.push(fd, new byte[largest + 1])).isEqualTo(new SendResult.TooLarge(largest));
			assertThat(server.push(fd, new byte[largest]).accepted()).isTrue();
			ReceivedFrame message = client.message();
			assertThat(message.payload()).hasSize(largest);
			client.send(RawFrame.text("alive"));
			assertThat(client.message().text()).isEqualTo("alive");
		}
	}

	@Test
	void forgetsTheQueueOfAClientThatVanishes() throws Exception {
		long fd;
		try (RawClient client = dropping.connect()) {
			fd = Witness.fd(client);
			pushUntilRefused(dropping.bean(WebSocketServer.class), fd);
			client.socket().setSoLinger(true, 0);
		}
		assertThat(dropping.bean(Witness.class).ended(fd).code()).isEqualTo(1006);
		assertThatNoException().isThrownBy(() -> dropping.bean(WebSocketServer.class).push(fd, MESSAGE));
	}
}
