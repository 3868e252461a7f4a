package dev.hawser.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.BindResult;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.SendResult;
import dev.hawser.api.ServerStats;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/** Every method of WebSocketServer, called from a thread of its own, and what the client then sees. */
class WebSocketServerTests {
	private static final long UNKNOWN = 1_000_000;
	private static final BlockingQueue<Long> OPENED = new LinkedBlockingQueue<>();
	private static final BlockingQueue<AtClose> CLOSED = new LinkedBlockingQueue<>();
	private static RunningHawser running;
	private static WebSocketServer server;

	/** What the server tells about a connection within its OnClose. */
	record AtClose(long fd, @Nullable ConnectionSnapshot info, boolean exists, boolean established, SendResult push, boolean close,
			boolean listed) {
	}

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> OPENED.add(request.fd());
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), "got " + frame.text());
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> CLOSED.add(new AtClose(fd, server.connectionInfo(fd).orElse(null),
					server.exists(fd), server.isEstablished(fd), server.push(fd, "late"), server.reset(fd),
					server.connections().anyMatch(other -> other == fd)));
		}
	}

	@BeforeAll
	static void start() {
		running = RunningHawser.startSecure(Callbacks.class, "hawser.handshake.token.required=false",
				"hawser.connection.close-timeout=10m");
		server = running.bean(WebSocketServer.class);
	}

	@AfterAll
	static void stop() {
		running.close();
	}

	record Peer(RawClient client, long fd) implements AutoCloseable {
		static Peer connect(RunningHawser to, String... headers) throws Exception {
			OPENED.clear();
			RawClient client = RawClient.connect(to.port()).upgrade("/ws", headers);
			return new Peer(client, OPENED.poll(60, TimeUnit.SECONDS));
		}

		@Override
		public void close() throws IOException {
			client.close();
		}
	}

	private static Peer connect() throws Exception {
		return Peer.connect(running);
	}

	// push

	@Test
	void pushesTextBytesAndFrames() throws Exception {
		try (Peer peer = connect()) {
			assertThat(server.push(peer.fd(), "gr\u00FC\u00DF")).isEqualTo(SendResult.SENT);
			assertThat(server.push(peer.fd(), new byte[] { 1, 2 })).isEqualTo(SendResult.SENT);
			assertThat(server.push(peer.fd(), Frame.text(peer.fd(), "frame"))).isEqualTo(SendResult.SENT);
			assertThat(server.push(peer.fd(), Frame.binary(peer.fd(), new byte[] { 3 }))).isEqualTo(SendResult.SENT);
			assertThat(server.push(peer.fd(), new byte[] { 'p' }, Opcode.PING, true)).isEqualTo(SendResult.SENT);
			assertThat(server.push(peer.fd(), new byte[] { 'q' }, Opcode.PONG, true)).isEqualTo(SendResult.SENT);
			assertFrame(peer, 1, true, "gr\u00FC\u00DF");
			assertFrame(peer, 2, true, "\u0001\u0002");
			assertFrame(peer, 1, true, "frame");
			assertFrame(peer, 2, true, "\u0003");
			assertFrame(peer, 9, true, "p");
			assertFrame(peer, 10, true, "q");
		}
	}

	/** A client would have to fail the connection at a text that is not UTF-8. */
	@ParameterizedTest
	@ValueSource(strings = { "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "\uD83D\uD83D\uDE00" })
	void pushesAQuestionMarkForHalfASurrogatePairInEveryWay(String text) throws Exception {
		try (Peer peer = connect()) {
			String sent = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
			assertThat(sent).contains("?");
			server.push(peer.fd(), text);
			server.push(peer.fd(), "x".repeat(100_000) + text);
			server.push(peer.fd(), Frame.text(peer.fd(), text));
			server.push(peer.fd(), Frame.text(peer.fd(), text).data(), Opcode.TEXT, true);
			server.broadcast(Frame.text(peer.fd(), text), LongStream.of(peer.fd()));
			server.disconnect(peer.fd(), 1000, text);
			assertThat(peer.client().message().text()).isEqualTo(sent);
			assertThat(peer.client().message().text()).isEqualTo("x".repeat(100_000) + sent);
			assertFrame(peer, 1, true, sent);
			assertFrame(peer, 1, true, sent);
			assertFrame(peer, 1, true, sent);
			assertThat(peer.client().frame().closeReason()).isEqualTo(sent);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, 1024 * 1024 })
	void pushesMessagesOfEveryLength(int length) throws Exception {
		try (Peer peer = connect()) {
			assertThat(server.push(peer.fd(), "x".repeat(length)).accepted()).isTrue();
			assertThat(peer.client().message().text()).hasSize(length);
		}
	}

	@Test
	void pushesFragmentsAndHoldsWholeMessagesBackMeanwhile() throws Exception {
		try (Peer peer = connect()) {
			server.push(peer.fd(), "one".getBytes(StandardCharsets.UTF_8), Opcode.TEXT, false);
			assertThat(server.push(peer.fd(), "whole")).isInstanceOf(SendResult.Queued.class);
			server.ping(peer.fd());
			server.push(peer.fd(), Frame.of(peer.fd(), "two".getBytes(StandardCharsets.UTF_8), Opcode.CONTINUATION, false));
			server.push(peer.fd(), "three".getBytes(StandardCharsets.UTF_8), Opcode.CONTINUATION, true);
			assertFrame(peer, 1, false, "one");
			assertFrame(peer, 9, true, "");
			assertFrame(peer, 0, false, "two");
			assertFrame(peer, 0, true, "three");
			assertFrame(peer, 1, true, "whole");
		}
	}

	@Test
	void refusesFramesThatCouldNeverBeSent() throws Exception {
		try (Peer peer = connect()) {
			long fd = peer.fd();
			assertThatThrownBy(() -> server.push(fd, new byte[1], Opcode.CONTINUATION, true))
					.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("needs a message to continue");
			assertThatThrownBy(() -> server.push(fd, new byte[126], Opcode.PING, true))
					.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at most 125 bytes");
			assertThatThrownBy(() -> server.push(fd, new byte[1], Opcode.PONG, false))
					.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("never fragmented");
			assertThatThrownBy(() -> server.push(fd, new byte[] { 0, 0 }, Opcode.CLOSE, true))
					.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Close code 0 must not be sent");
			assertThatThrownBy(() -> server.ping(fd, new byte[126])).isInstanceOf(IllegalArgumentException.class);
			server.push(fd, new byte[1], Opcode.TEXT, false);
			assertThatThrownBy(() -> server.push(fd, new byte[1], Opcode.TEXT, false))
					.isInstanceOf(IllegalStateException.class).hasMessageContaining("is under way");
			assertThat(server.isEstablished(fd)).isTrue();
		}
	}

	@Test
	void pushesFromManyThreads() throws Exception {
		try (Peer peer = connect()) {
			List<Thread> threads = IntStream.range(0, 8).mapToObj(thread -> Thread.startVirtualThread(() -> {
				for (int i = 0; i < 200; i++) {
					server.push(peer.fd(), thread + " " + i);
				}
			})).toList();
			int[] next = new int[8];
			for (int i = 0; i < 1600; i++) {
				String[] words = peer.client().message().text().split(" ", -1);
				assertThat(Integer.parseInt(words[1])).isEqualTo(next[Integer.parseInt(words[0])]++);
			}
			for (Thread thread : threads) {
				thread.join();
			}
		}
	}

	@Test
	void saysNotFoundOfAnUnknownConnection() {
		assertThat(server.push(UNKNOWN, "x")).isEqualTo(SendResult.NOT_FOUND);
		assertThat(server.push(UNKNOWN, new byte[1])).isEqualTo(SendResult.NOT_FOUND);
		assertThat(server.push(-1, Frame.text(-1, "x"))).isEqualTo(SendResult.NOT_FOUND);
		assertThat(server.push(UNKNOWN, new byte[1], Opcode.CONTINUATION, true)).isEqualTo(SendResult.NOT_FOUND);
		assertThat(server.ping(UNKNOWN)).isEqualTo(SendResult.NOT_FOUND);
		assertThat(server.disconnect(UNKNOWN)).isEqualTo(SendResult.NOT_FOUND);
		assertThat(server.hangUp(UNKNOWN)).isFalse();
		assertThat(server.reset(UNKNOWN)).isFalse();
		assertThat(server.exists(UNKNOWN)).isFalse();
		assertThat(server.isEstablished(UNKNOWN)).isFalse();
		assertThat(server.connectionInfo(UNKNOWN)).isEmpty();
		assertThat(server.bind(UNKNOWN, "alice")).isEqualTo(BindResult.NOT_FOUND);
	}

	@Test
	void saysNotEstablishedOnceTheClosingHandshakeHasBegun() throws Exception {
		try (Peer peer = connect()) {
			assertThat(server.exists(peer.fd())).isTrue();
			assertThat(server.isEstablished(peer.fd())).isTrue();
			assertThat(server.disconnect(peer.fd())).isEqualTo(SendResult.SENT);
			assertThat(server.exists(peer.fd())).isTrue();
			assertThat(server.isEstablished(peer.fd())).isFalse();
			assertThat(server.push(peer.fd(), "late")).isEqualTo(SendResult.NOT_ESTABLISHED);
			assertThat(server.ping(peer.fd())).isEqualTo(SendResult.NOT_ESTABLISHED);
			assertThat(server.disconnect(peer.fd())).isEqualTo(SendResult.NOT_ESTABLISHED);
			assertThat(peer.client().message().closeCode()).isEqualTo(1000);
			peer.client().send(RawFrame.close(1000, ""));
			await().until(() -> !server.exists(peer.fd()));
			assertThat(server.push(peer.fd(), "late")).isEqualTo(SendResult.NOT_FOUND);
			assertThat(peer.client().ended()).isTrue();
		}
	}

	@Test
	void saysTooLargeAndSendsNothing() throws Exception {
		try (RunningHawser small = RunningHawser.start(Callbacks.class, "hawser.connection.outbox-size=64KB",
				"hawser.connection.max-message-size=1KB"); Peer peer = Peer.connect(small)) {
			WebSocketServer local = small.bean(WebSocketServer.class);
			assertThat(local.push(peer.fd(), new byte[64 * 1024 + 1])).isEqualTo(new SendResult.TooLarge(64 * 1024));
			assertThat(local.push(peer.fd(), new byte[64 * 1024]).accepted()).isTrue();
			assertThat(peer.client().message().payload()).hasSize(64 * 1024);
			assertThat(local.isEstablished(peer.fd())).isTrue();
		}
	}

	@Test
	void queuesThenOverflowsAndClosesASlowConsumer() throws Exception {
		try (RunningHawser small = RunningHawser.start(Callbacks.class, "hawser.connection.outbox-size=64KB");
				Peer peer = Peer.connect(small)) {
			WebSocketServer local = small.bean(WebSocketServer.class);
			int accepted = flood(local, peer.fd());
			assertThat(local.isEstablished(peer.fd())).isFalse();
			for (int i = 0; i < accepted; i++) {
				assertThat(peer.client().message().payload()).hasSize(16 * 1024);
			}
			assertThat(peer.client().message().closeCode()).isEqualTo(1013);
			assertThat(peer.client().ended()).isTrue();
		}
	}

	@Test
	void dropsWhatASlowConsumerCannotTakeWhereThatIsThePolicy() throws Exception {
		try (RunningHawser small = RunningHawser.start(Callbacks.class, "hawser.connection.outbox-size=64KB",
				"hawser.connection.slow-consumer=drop"); Peer peer = Peer.connect(small)) {
			WebSocketServer local = small.bean(WebSocketServer.class);
			int accepted = flood(local, peer.fd());
			assertThat(local.connectionInfo(peer.fd()).orElseThrow().queuedBytes()).isBetween(1L, 64L * 1024);
			assertThat(local.isEstablished(peer.fd())).isTrue();
			for (int i = 0; i < accepted; i++) {
				assertThat(peer.client().message().payload()).hasSize(16 * 1024);
			}
			await().until(() -> local.connectionInfo(peer.fd()).orElseThrow().queuedBytes() == 0);
			local.push(peer.fd(), "again");
			assertThat(peer.client().message().text()).isEqualTo("again");
		}
	}

	/** Pushes 16 KiB at a time until one overflows; returns how many were accepted. The client does not read. */
	private static int flood(WebSocketServer server, long fd) {
		List<Class<?>> kinds = new ArrayList<>();
		for (int accepted = 0; accepted < 10_000; accepted++) {
			SendResult result = server.push(fd, new byte[16 * 1024]);
			if (kinds.isEmpty() || kinds.getLast() != result.getClass()) {
				kinds.add(result.getClass());
			}
			if (!result.accepted()) {
				assertThat(result).isEqualTo(new SendResult.Overflowed(64 * 1024));
				assertThat(kinds).startsWith(SendResult.Sent.class).contains(SendResult.Queued.class);
				return accepted;
			}
		}
		throw new AssertionError("160 MB were accepted");
	}

	// disconnect, close, ping

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 })
	void disconnectsWithACodeThatMayBeSent(int code) throws Exception {
		try (Peer peer = connect()) {
			server.disconnect(peer.fd(), code, "because");
			var close = peer.client().message();
			assertThat(close.closeCode()).isEqualTo(code);
			assertThat(close.closeReason()).isEqualTo("because");
			peer.client().send(RawFrame.close(code, ""));
			assertThat(peer.client().ended()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65536 })
	void refusesToDisconnectWithAnotherCode(int code) throws Exception {
		try (Peer peer = connect()) {
			assertThatThrownBy(() -> server.disconnect(peer.fd(), code, "")).isInstanceOf(IllegalArgumentException.class)
					.hasMessage("Close code " + code + " must not be sent: use 1000 to 1003, 1007 to 1014, or 3000 to 4999"
							+ " (RFC 6455 section 7.4).");
			assertThat(server.isEstablished(peer.fd())).isTrue();
		}
	}

	@Test
	void sendsAReasonOf123Bytes() throws Exception {
		try (Peer peer = connect()) {
			assertThatThrownBy(() -> server.disconnect(peer.fd(), 1000, "x".repeat(124))).hasMessageContaining("at most 123 bytes");
			assertThatThrownBy(() -> server.disconnect(peer.fd(), 1000, "\u00FC".repeat(62))).hasMessageContaining("at most 123 bytes");
			server.disconnect(peer.fd(), new CloseStatus(1000, "\u00FC".repeat(61) + "x"));
			assertThat(peer.client().message().closeReason()).isEqualTo("\u00FC".repeat(61) + "x");
		}
	}

	@Test
	void disconnectsBehindWhatWaits() throws Exception {
		try (Peer peer = connect()) {
			byte[] large = new byte[1024 * 1024];
			int pushed = 0;
			while (server.push(peer.fd(), large) instanceof SendResult.Sent) {
				pushed++;
			}
			assertThat(server.disconnect(peer.fd(), 4000, "end")).isInstanceOf(SendResult.Queued.class);
			for (int i = 0; i <= pushed; i++) {
				assertThat(peer.client().message().payload()).hasSize(large.length);
			}
			assertThat(peer.client().message().closeCode()).isEqualTo(4000);
		}
	}

	@Test
	void disconnectsWhenACloseFrameIsPushed() throws Exception {
		try (Peer peer = connect()) {
			server.push(peer.fd(), new byte[] { 0x0F, (byte) 0xA1, 'b', 'y', 'e' }, Opcode.CLOSE, true);
			var close = peer.client().message();
			assertThat(close.closeCode()).isEqualTo(4001);
			assertThat(close.closeReason()).isEqualTo("bye");
			assertThat(server.isEstablished(peer.fd())).isFalse();
		}
	}

	@Test
	void hangsUpWithoutACloseFrame() throws Exception {
		try (Peer peer = connect()) {
			server.push(peer.fd(), "last");
			assertThat(server.hangUp(peer.fd())).isTrue();
			assertThat(server.hangUp(peer.fd())).isFalse();
			assertThat(peer.client().message().text()).isEqualTo("last");
			assertThat(peer.client().ended()).isTrue();
		}
	}

	@Test
	void hangsUpWithAReset() throws Exception {
		try (Peer peer = connect()) {
			assertThat(server.reset(peer.fd())).isTrue();
			assertThat(server.reset(peer.fd())).isFalse();
			assertThatThrownBy(peer.client()::ended).isInstanceOf(SocketException.class).hasMessageContaining("reset");
		}
	}

	@Test
	void pingsWithAndWithoutPayload() throws Exception {
		try (Peer peer = connect()) {
			assertThat(server.ping(peer.fd())).isEqualTo(SendResult.SENT);
			assertThat(server.ping(peer.fd(), "x".repeat(125).getBytes(StandardCharsets.UTF_8))).isEqualTo(SendResult.SENT);
			assertFrame(peer, 9, true, "");
			assertFrame(peer, 9, true, "x".repeat(125));
		}
	}

	// Information about connections

	@Test
	void sendsNoBytesAsTextThatAreNotUtf8() {
		Frame bad = Frame.of(1, new byte[] { (byte) 0xFF }, Opcode.TEXT, true);
		assertThat(bad.text()).as("decoding it does not make it valid").isEqualTo("\uFFFD");
		assertThatIllegalArgumentException().isThrownBy(() -> server.push(1, bad)).withMessageContaining("UTF-8");
		assertThatIllegalArgumentException().isThrownBy(() -> server.broadcast(bad)).withMessageContaining("UTF-8");
	}

	@Test
	void knowsAConnection() throws Exception {
		Instant before = Instant.now();
		try (Peer peer = Peer.connect(running, "Authorization: Bearer " + RunningHawser.token())) {
			peer.client().send(RawFrame.text("hello"));
			peer.client().message();
			server.push(peer.fd(), new byte[10]);
			peer.client().message();
			ConnectionSnapshot info = server.connectionInfo(peer.fd()).orElseThrow();
			assertThat(info.fd()).isEqualTo(peer.fd());
			assertThat(info.connectionId()).matches("test-[0-9a-f]{6}-" + peer.fd());
			assertThat(info.remoteAddress()).isEqualTo(peer.client().socket().getLocalSocketAddress());
			Instant from = before.minusSeconds(10); // the server's clock is coarse
			Instant to = Instant.now().plusSeconds(10);
			assertThat(info.connectedAt()).isBetween(from, to);
			assertThat(info.lastReceivedAt()).isBetween(from, to);
			assertThat(info.lastSentAt()).isBetween(from, to);
			assertThat(info.traffic()).isEqualTo(new ConnectionSnapshot.Traffic(1, 2 + 4 + 5, 2, 2 + 9 + 2 + 10));
			assertThat(info.queuedBytes()).isZero();
			assertThat(info.principal()).hasToString("developer");
			assertThat(info.userId()).isEqualTo("developer");
		}
	}

	@Test
	void stillKnowsAConnectionWithinItsOnClose() throws Exception {
		CLOSED.clear();
		try (Peer peer = connect()) {
			peer.client().send(RawFrame.text("hello"), RawFrame.close(1000, ""));
			AtClose at = atClose(peer.fd());
			ConnectionSnapshot info = Objects.requireNonNull(at.info());
			assertThat(info.traffic().messagesIn()).isEqualTo(1);
			assertThat(info.remoteAddress()).isNotNull();
			assertThat(at.exists()).isFalse();
			assertThat(at.established()).isFalse();
			assertThat(at.push()).isEqualTo(SendResult.NOT_FOUND);
			assertThat(at.close()).isFalse();
			assertThat(at.listed()).isFalse();
			await().until(() -> server.connectionInfo(peer.fd()).isEmpty());
		}
	}

	@Test
	void stillKnowsTheAddressOfAConnectionThatWasReset() throws Exception {
		CLOSED.clear();
		try (Peer peer = connect()) {
			server.reset(peer.fd());
			assertThat(Objects.requireNonNull(atClose(peer.fd()).info()).remoteAddress())
					.isEqualTo(peer.client().socket().getLocalSocketAddress());
		}
	}

	private static AtClose atClose(long fd) throws InterruptedException {
		AtClose at = CLOSED.poll(60, TimeUnit.SECONDS);
		while (at != null && at.fd() != fd) { // a connection of another test
			at = CLOSED.poll(60, TimeUnit.SECONDS);
		}
		assertThat(at).as("OnClose within a minute").isNotNull();
		return at;
	}

	@Test
	void listsConnectionsPageByPage() throws Exception {
		List<Peer> peers = new ArrayList<>();
		try {
			for (int i = 0; i < 5; i++) {
				peers.add(connect());
			}
			long before = peers.getFirst().fd() - 1;
			List<Long> fds = peers.stream().map(Peer::fd).toList();
			assertThat(server.connections().boxed()).containsAll(fds);
			assertThat(server.connectionList(before, 100)).isEqualTo(fds);
			assertThat(server.connectionList(before, 2)).isEqualTo(fds.subList(0, 2));
			assertThat(server.connectionList(fds.get(1), 2)).isEqualTo(fds.subList(2, 4));
			assertThat(server.connectionList(fds.get(3), 2)).isEqualTo(fds.subList(4, 5));
			assertThat(server.connectionList(fds.get(4), 2)).isEmpty();
			assertThat(server.connectionList(0, 1)).hasSize(1);
			assertThatThrownBy(() -> server.connectionList(0, 0)).hasMessageContaining("pageSize must be 1 to 100");
			assertThatThrownBy(() -> server.connectionList(0, 101)).hasMessageContaining("pageSize must be 1 to 100");
		}
		finally {
			for (Peer peer : peers) {
				peer.close();
			}
		}
	}

	@Test
	void listsNoConnectionThatIsClosed() throws Exception {
		try (Peer peer = connect()) {
			server.reset(peer.fd());
			assertThat(server.connections().boxed()).doesNotContain(peer.fd());
			assertThat(server.connectionList(peer.fd() - 1, 100)).doesNotContain(peer.fd());
		}
	}

	@Test
	void bindsAConnectionOnce() throws Exception {
		try (Peer peer = connect()) {
			assertThat(server.connectionInfo(peer.fd()).orElseThrow().userId()).isNull();
			assertThatThrownBy(() -> server.bind(peer.fd(), "")).isInstanceOf(IllegalArgumentException.class);
			assertThat(server.bind(peer.fd(), "alice")).isEqualTo(BindResult.BOUND);
			assertThat(server.bind(peer.fd(), "bob")).isEqualTo(BindResult.ALREADY_BOUND);
			assertThat(server.bind(peer.fd(), "alice")).isEqualTo(BindResult.ALREADY_BOUND);
			assertThat(server.connectionInfo(peer.fd()).orElseThrow().userId()).isEqualTo("alice");
		}
		try (Peer named = Peer.connect(running, "Authorization: Bearer " + RunningHawser.token())) {
			assertThat(server.bind(named.fd(), "carol")).as("in place of the token's name").isEqualTo(BindResult.BOUND);
			ConnectionSnapshot info = server.connectionInfo(named.fd()).orElseThrow();
			assertThat(info.userId()).isEqualTo("carol");
			assertThat(info.principal()).hasToString("developer");
		}
	}

	@Test
	void countsWhatHappened() throws Exception {
		try (RunningHawser fresh = RunningHawser.start(Callbacks.class)) {
			WebSocketServer local = fresh.bean(WebSocketServer.class);
			assertThat(local.stats().startTime()).isBefore(Instant.now());
			try (Peer one = Peer.connect(fresh); Peer two = Peer.connect(fresh)) {
				one.client().send(RawFrame.text("a"), RawFrame.text("b"));
				one.client().message();
				one.client().message();
				two.client().send(RawFrame.close(1000, ""));
				two.client().message();
				await().until(() -> local.stats().closedCount() == 1);
				assertThat(local.stats()).usingRecursiveComparison().ignoringFields("startTime")
						.isEqualTo(new ServerStats(Instant.now(), 1, 2, 1, 2, 2));
			}
			await().until(() -> local.stats().connectionCount() == 0);
			assertThat(local.stats().messagesIn()).as("those of closed connections count").isEqualTo(2);
		}
	}

	private static void assertFrame(Peer peer, int opcode, boolean fin, String payload) throws IOException {
		var frame = peer.client().frame();
		assertThat(frame.opcode()).isEqualTo(opcode);
		assertThat(frame.fin()).isEqualTo(fin);
		assertThat(frame.text()).isEqualTo(payload);
		assertThat(frame.rsv()).isZero();
	}
}
