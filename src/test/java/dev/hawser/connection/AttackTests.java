package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.ServerStats;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.DeflatingClient;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Together;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** Hostile peers. After each test no connection is open, each one has been closed once, and the heap has its old size. */
@Tag("heap")
@Isolated("measures the heap")
@Timeout(600)
class AttackTests {
	private static final Duration PATIENCE = Duration.ofSeconds(60);
	private static final int MILLION = 1_000_000;
	private static final int OUTBOX = 256 * 1024;
	/** By how much the heap may have grown: classes and pools that are loaded once, and the noise of measuring. */
	private static final long SLACK = 24 * 1024 * 1024;

	/** A server with default settings, except for a smaller outbox. */
	private static RunningHawser server;
	/** A server that does not wait long for a pong. */
	private static RunningHawser impatient;
	/** Before the test, which is after the one that ran before it; each measurement collects all garbage, which takes its time. */
	private static long heapBefore;

	/** Echoes, and counts the calls. */
	public static class Counting {
		private final LongAdder opened = new LongAdder();
		private final LongAdder closed = new LongAdder();

		@Bean
		OnOpen onOpen() {
			return (_, _) -> opened.increment();
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}

		@Bean
		OnClose onClose() {
			return (_, _, _, _) -> closed.increment();
		}
	}

	@BeforeAll
	static void start() throws Exception {
		server = RunningHawser.start(Counting.class, "hawser.connection.outbox-size=" + OUTBOX + "B",
				"hawser.connection.close-timeout=2s", "hawser.connection.compression.enabled=true");
		impatient = RunningHawser.start(Counting.class, "hawser.connection.ping-interval=300ms", "hawser.connection.pong-timeout=4s",
				"hawser.connection.close-timeout=1s");
		for (RunningHawser each : List.of(server, impatient)) {
			try (RawClient client = each.connect()) { // loads the classes for a first connection
				client.send(RawFrame.text("first"));
				client.message();
			}
		}
		assertClean(server);
		assertClean(impatient);
		heapBefore = heap();
	}

	@AfterAll
	static void stop() {
		impatient.close();
		server.close();
	}

	private static ServerStats stats(RunningHawser of) {
		return of.bean(WebSocketServer.class).stats();
	}

	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static void assertClean(RunningHawser of) {
		Counting counting = of.bean(Counting.class);
		Awaitility.await().untilAsserted(() -> {
			assertThat(stats(of).connectionCount()).as("open connections").isZero();
			assertThat(counting.closed.sum()).as("OnClose calls").isEqualTo(counting.opened.sum());
			assertThat(counting.opened.sum()).isEqualTo(stats(of).openedCount()).isEqualTo(stats(of).closedCount());
		});
	}

	@AfterEach
	void leavesNothingBehind() {
		assertClean(server);
		assertClean(impatient);
		Awaitility.await().pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
			long heap = heap();
			assertThat(heap - heapBefore).as("heap grown by").isLessThan(SLACK);
			heapBefore = heap;
		});
	}

	/** The same frame so many times, ready to be sent. */
	private static byte[] times(int count, RawFrame frame) {
		byte[] one = frame.bytes();
		ByteArrayOutputStream all = new ByteArrayOutputStream(count * one.length);
		for (int i = 0; i < count; i++) {
			all.writeBytes(one);
		}
		return all.toByteArray();
	}

	private static void assertServes(RunningHawser of) throws IOException {
		try (RawClient honest = of.connect()) {
			honest.send(RawFrame.text("hello"));
			assertThat(honest.message().text()).isEqualTo("hello");
		}
	}

	// Slow handshakes.

	@Test
	void hangsUpOnHandshakesThatStop() throws Exception {
		String whole = String.join("\r\n", RawClient.handshake("/ws")) + "\r\n\r\n";
		List<RawClient> clients = new ArrayList<>();
		try (RunningHawser strict = RunningHawser.start(Counting.class, "server.jetty.connection-idle-timeout=4s")) {
			for (int i = 0; i < 200; i++) { // each stops somewhere else
				RawClient client = RawClient.connect(strict.port());
				clients.add(client);
				client.send(whole.substring(0, i * (whole.length() - 1) / 200).getBytes(StandardCharsets.ISO_8859_1));
			}
			assertServes(strict);
			for (RawClient client : clients) {
				assertThat(hungUp(client)).isTrue();
			}
			assertClean(strict);
		}
		finally {
			closeAll(clients);
		}
	}

	/** Whether the server closes the connection, with or without an answer. */
	private static boolean hungUp(RawClient client) {
		try {
			while (!client.ended()) {
				// an answer that the test does not need
			}
			return true;
		}
		catch (SocketTimeoutException e) {
			return false;
		}
		catch (IOException e) {
			return true; // a reset
		}
	}

	@Test
	void refusesHeadersThatNeverEnd() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			client.send("GET /ws HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.ISO_8859_1));
			sendUntilHungUp(client, ("X-Dribble: " + "x".repeat(100) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
		}
		assertServes(server);
	}

	/** Sends the same bytes again and again. How many the server takes before it closes the connection depends on the speed of both. */
	private static void sendUntilHungUp(RawClient client, byte[] bytes) {
		Instant end = Instant.now().plus(PATIENCE);
		try {
			while (true) {
				client.send(bytes);
				assertThat(Instant.now()).as("still not hung up on").isBefore(end);
			}
		}
		catch (IOException e) {
			// the server closed the connection, as it should
		}
	}

	@Test
	void holdsLittleForHandshakesThatAreUnderWay() throws Exception {
		List<RawClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 500; i++) {
				RawClient client = RawClient.connect(server.port());
				clients.add(client);
				client.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.ISO_8859_1));
			}
			assertServes(server);
			assertThat(heap() - heapBefore).isLessThan(SLACK);
		}
		finally {
			closeAll(clients);
		}
	}

	private static void closeAll(List<RawClient> clients) throws IOException {
		for (RawClient client : clients) {
			client.close();
		}
	}

	// Slow frames.

	@Test
	void closesAClientThatStopsWithinAFrame() throws Exception {
		byte[] frame = RawFrame.binary(new byte[70_000]).bytes();
		int[] sent = { 1, 2, 9, 13, 14, 15, 60_000 };
		Together.run(sent.length, i -> {
			try (RawClient client = impatient.connect()) {
				client.send(Arrays.copyOf(frame, sent[i]));
				ReceivedFrame close = client.message();
				assertThat(close.closeCode()).as("after %d bytes", sent[i]).isEqualTo(1001);
				assertThat(close.closeReason()).isEqualTo("no pong");
			}
		});
	}

	@Test
	void closesAClientThatSendsAFrameMoreSlowlyThanTheIdleTimeoutAllows() throws Exception {
		byte[] frame = RawFrame.binary(new byte[100_000]).bytes();
		try (RunningHawser strict = RunningHawser.start(Counting.class, "hawser.connection.ping-interval=0s",
				"hawser.connection.idle-timeout=4s")) {
			try (RawClient client = strict.connect()) {
				client.socket().setSoTimeout(50); // the time between two bytes
				ReceivedFrame answer = null;
				Instant end = Instant.now().plus(PATIENCE);
				for (int i = 0; answer == null; i++) {
					assertThat(Instant.now()).isBefore(end);
					client.send(new byte[] { frame[i] });
					answer = messageIfAny(client);
				}
				assertThat(answer.closeCode()).isEqualTo(1001);
				assertThat(answer.closeReason()).isEqualTo("idle timeout");
			}
			assertClean(strict);
		}
	}

	private static @Nullable ReceivedFrame messageIfAny(RawClient client) throws IOException {
		try {
			return client.message();
		}
		catch (SocketTimeoutException e) {
			return null;
		}
	}

	@Test
	void holdsTheReceivedBytesAndNotTheAnnouncedLength() throws Exception {
		byte[] begun = Arrays.copyOf(RawFrame.binary(new byte[MILLION]).bytes(), 100);
		byte[] compressed = Arrays.copyOf(RawFrame.opcode(1).rsv(4).payload(new byte[MILLION]).bytes(), 15);
		List<RawClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 500; i++) {
				RawClient client = RawClient.connect(server.port()).upgrade("/ws", "Sec-WebSocket-Extensions: permessage-deflate");
				clients.add(client);
				client.send(i % 2 == 0 ? begun : compressed);
			}
			assertServes(server);
			Awaitility.await().untilAsserted(() -> assertThat(heap() - heapBefore).isLessThan(500 * 64 * 1024L));
		}
		finally {
			closeAll(clients);
		}
	}

	// Fragments.

	@Test
	void assemblesAMillionFragmentsOfOneByte() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.opcode(1).payload("x").unfinished());
			byte[] some = times(10_000, RawFrame.continuation("x").unfinished());
			for (int i = 0; i < MILLION / 10_000; i++) {
				client.send(some);
			}
			client.send(RawFrame.continuation("y"));
			assertThat(client.message().text()).isEqualTo("x".repeat(MILLION + 1) + "y");
		}
	}

	@Test
	void assemblesAMillionEmptyFragments() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.opcode(1).payload("a").unfinished());
			byte[] some = times(10_000, RawFrame.opcode(0).unfinished());
			for (int i = 0; i < MILLION / 10_000; i++) {
				client.send(some);
				if (i == 50) {
					client.send(RawFrame.ping((byte) 1));
					assertThat(client.message().opcode()).as("alive in the middle").isEqualTo(10);
				}
			}
			client.send(RawFrame.continuation("b"));
			assertThat(client.message().text()).isEqualTo("ab");
		}
	}

	@Test
	void inflatesAMillionFragmentsOfOneByteUpToTheLimit() throws Exception {
		try (DeflatingClient client = DeflatingClient.connect(server.port(), "permessage-deflate")) {
			client.raw().send(RawFrame.opcode(2).rsv(4).payload((byte) 0).unfinished()); // empty blocks, again and again
			byte[] block = new byte[] { 0, 0, (byte) 0xFF, (byte) 0xFF, 0 };
			ByteArrayOutputStream some = new ByteArrayOutputStream();
			for (int i = 0; i < 2000; i++) {
				for (byte octet : block) {
					some.writeBytes(RawFrame.opcode(0).payload(octet).unfinished().bytes());
				}
			}
			for (int i = 0; i < MILLION / 10_000; i++) {
				client.raw().send(some.toByteArray());
			}
			client.raw().send(RawFrame.opcode(0));
			assertThat(client.message().payload()).isEmpty();
		}
	}

	// Lengths.

	@ParameterizedTest
	@ValueSource(longs = { Long.MIN_VALUE, Long.MIN_VALUE + 5, -1, -125, -MILLION })
	void refusesALengthWithItsTopBitSet(long length) throws Exception {
		for (int opcode : new int[] { 1, 2, 8, 9, 10 }) {
			try (RawClient client = server.connect()) {
				client.send(RawFrame.opcode(opcode).announcing(length));
				assertThat(client.message().closeCode()).as("opcode %d", opcode).isEqualTo(1002);
				assertThat(client.ended()).isTrue();
			}
		}
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("a").unfinished(), RawFrame.opcode(0).announcing(length));
			assertThat(client.message().closeCode()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, 1L << 62, 1L << 32, (1L << 32) + 5, Integer.MAX_VALUE, 1L << 31 })
	void refusesALengthBeyondTheLimit(long length) throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("a").unfinished(), RawFrame.opcode(0).announcing(length));
			assertThat(client.message().closeCode()).isEqualTo(1009);
		}
		try (DeflatingClient client = DeflatingClient.connect(server.port(), "permessage-deflate")) {
			client.raw().send(RawFrame.opcode(2).rsv(4).announcing(length));
			assertThat(client.raw().message().closeCode()).isEqualTo(1009);
		}
	}

	// Peers that do not read.

	@Test
	void holdsNoMoreThanTheOutboxForPeersThatNeverRead() throws Exception {
		int count = 40;
		List<RawClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				clients.add(server.connect());
			}
			WebSocketServer pushing = server.bean(WebSocketServer.class);
			byte[] message = new byte[16 * 1024];
			Awaitility.await().until(() -> stats(server).connectionCount() == count); // the client gets the 101 a little earlier
			long[] fds = pushing.connections().toArray();
			assertThat(fds).hasSize(count);
			for (long fd : fds) {
				int pushes = 0;
				while (pushing.push(fd, message).accepted()) {
					assertThat(pushes++).isLessThan(10_000);
				}
			}
			assertThat(heap() - heapBefore).isLessThan(count * 2L * OUTBOX + SLACK);
			assertClean(server); // while the peers are still connected
			assertServes(server);
		}
		finally {
			closeAll(clients);
		}
	}

	@Test
	void closesPeersThatPingAndNeverReadThePongs() throws Exception {
		byte[] pings = times(1000, RawFrame.ping(new byte[125]));
		Together.run(8, _ -> {
			try (RawClient client = server.connect()) {
				sendUntilHungUp(client, pings);
			}
		});
		assertServes(server);
	}

	@Test
	void answersAFloodOfPingsFromAClientThatReads() throws Exception {
		byte[] pings = times(100, RawFrame.ping((byte) 7));
		try (RawClient client = server.connect()) {
			for (int i = 0; i < 500; i++) {
				client.send(pings);
				for (int j = 0; j < 100; j++) {
					assertThat(client.message().opcode()).isEqualTo(10);
				}
			}
		}
	}

	// Churn.

	@Test
	void forgetsFiveThousandConnectionsHoweverTheyEnd() throws Exception {
		long openedBefore = stats(server).openedCount();
		int threads = 20;
		Together.run(threads, thread -> {
			for (int i = 0; i < 5000 / threads; i++) {
				churn(i % 10, i + thread);
			}
		});
		Awaitility.await().untilAsserted(() -> assertThat(stats(server).openedCount() - openedBefore)
				.as("got as far as the 101").isBetween(3500L, 5000L));
		assertServes(server);
	}

	private static void churn(int way, int variant) throws IOException {
		byte[] frame = RawFrame.binary(new byte[1000]).bytes();
		try (RawClient client = RawClient.connect(server.port())) {
			if (way < 2) { // in the middle of the handshake
				client.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpg".getBytes(StandardCharsets.ISO_8859_1));
				reset(client, way == 1);
				return;
			}
			if (way == 2) { // the answer is never read
				client.request(RawClient.handshake("/ws"));
				reset(client, variant % 2 == 0);
				return;
			}
			client.upgrade("/ws", "Sec-WebSocket-Extensions: permessage-deflate");
			switch (way) {
				case 3 -> reset(client, true);
				case 4 -> client.send(Arrays.copyOf(frame, 1 + variant % (frame.length - 1)));
				case 5 -> {
					client.send(Arrays.copyOf(frame, 1 + variant % (frame.length - 1)));
					reset(client, true);
				}
				case 6 -> {
					client.send(RawFrame.opcode(1).rsv(4).payload((byte) 0xF2, (byte) 0x48).unfinished());
					reset(client, variant % 2 == 0);
				}
				case 7 -> client.send(RawFrame.opcode(3));
				case 8 -> {
					client.send(RawFrame.text("echo that is not read"));
					reset(client, variant % 2 == 0);
				}
				default -> {
					client.send(RawFrame.text("a"), RawFrame.close(1000, "bye"));
					assertThat(client.message().text()).isEqualTo("a");
					assertThat(client.message().closeCode()).isEqualTo(1000);
				}
			}
		}
	}

	/** Makes the next close of the socket a reset. */
	private static void reset(RawClient client, boolean wanted) throws IOException {
		if (wanted) {
			client.socket().setSoLinger(true, 0);
		}
	}
}
