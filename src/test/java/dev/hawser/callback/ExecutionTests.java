package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;

/**
 * The execution contract: order, one at a time, close once and last, no connection waits for another, one failure ends one
 * connection.
 */
class ExecutionTests {
	/** What happened to each connection, in order. */
	private static final ConcurrentHashMap<Long, List<String>> EVENTS = new ConcurrentHashMap<>();
	private static final ConcurrentHashMap<Long, AtomicInteger> RUNNING = new ConcurrentHashMap<>();
	private static final AtomicInteger OVERLAPS = new AtomicInteger();
	private static volatile OnOpen open = (server, request) -> {
	};
	private static volatile OnMessage message = (server, frame) -> {
	};
	private static volatile OnClose close = (server, fd, status, initiator) -> {
	};
	private static RunningHawser running;
	private static WebSocketServer server;

	interface Body {
		void run() throws Exception;
	}

	private static void event(long fd, String what, Body body) throws Exception {
		AtomicInteger inside = RUNNING.computeIfAbsent(fd, _ -> new AtomicInteger());
		if (inside.incrementAndGet() > 1) {
			OVERLAPS.incrementAndGet();
		}
		try {
			EVENTS.computeIfAbsent(fd, _ -> Collections.synchronizedList(new ArrayList<>())).add(what);
			body.run();
		}
		finally {
			inside.decrementAndGet();
		}
	}

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> event(request.fd(), "open", () -> {
				server.push(request.fd(), Long.toString(request.fd()));
				open.onOpen(server, request);
			});
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> event(frame.fd(), frame.text(), () -> message.onMessage(server, frame));
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> event(fd, "close " + status.getCode() + " " + initiator,
					() -> close.onClose(server, fd, status, initiator));
		}
	}

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Callbacks.class);
		server = running.bean(WebSocketServer.class);
	}

	@AfterAll
	static void stop() {
		running.close();
	}

	/** No callback of another test comes after this: a connection is removed after its last callback. */
	@BeforeEach
	void quiet() {
		await().until(() -> server.stats().connectionCount() == 0);
		open = (server, request) -> {
		};
		message = (server, frame) -> {
		};
		close = (server, fd, status, initiator) -> {
		};
	}

	/** A client and the number that the server gave it. */
	record Peer(RawClient client, long fd) implements AutoCloseable {
		static Peer connect() throws IOException {
			RawClient client = running.connect();
			return new Peer(client, Long.parseLong(client.message().text()));
		}

		List<String> events() {
			return List.copyOf(EVENTS.getOrDefault(fd, List.of()));
		}

		void awaitEvents(int count) {
			await().until(() -> events().size() >= count);
		}

		/** Until its last callback has returned. */
		void awaitGone() {
			await().until(() -> server.connectionInfo(fd).isEmpty());
		}

		@Override
		public void close() throws IOException {
			client.close();
		}
	}

	private static void awaitLatch(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
	}

	// Order, one at a time.

	@Test
	@SuppressWarnings("ThreadPriorityCheck") // yields so that a second callback could overtake the first
	void keepsTheOrderOfOneConnectionAndNeverOverlaps() throws Exception {
		int before = OVERLAPS.get();
		message = (server, frame) -> Thread.yield();
		RawFrame[] frames = IntStream.range(0, 2000).mapToObj(i -> RawFrame.text("m" + i)).toArray(RawFrame[]::new);
		try (Peer peer = Peer.connect()) {
			for (int i = 0; i < frames.length; i += 50) {
				peer.client().send(Arrays.copyOfRange(frames, i, i + 50));
			}
			peer.client().send(RawFrame.close(1000, ""));
			peer.client().message();
			peer.awaitGone();
			List<String> expected = new ArrayList<>(List.of("open"));
			IntStream.range(0, 2000).forEach(i -> expected.add("m" + i));
			expected.add("close 1000 CLIENT");
			assertThat(peer.events()).isEqualTo(expected);
			assertThat(OVERLAPS.get()).isEqualTo(before);
		}
	}

	@Test
	void deliversMessagesOnlyWhenOnOpenHasReturned() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch entered = new CountDownLatch(1);
		AtomicBoolean first = new AtomicBoolean(true);
		open = (server, request) -> {
			if (first.compareAndSet(true, false)) {
				entered.countDown();
				awaitLatch(release);
			}
		};
		int before = OVERLAPS.get();
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("early"));
			awaitLatch(entered);
			try (Peer other = Peer.connect()) { // time enough for another connection to open and close
				other.client().send(RawFrame.close(1000, ""));
				other.awaitGone();
			}
			assertThat(peer.events()).containsExactly("open");
			release.countDown();
			peer.awaitEvents(2);
			assertThat(peer.events()).containsExactly("open", "early");
			assertThat(OVERLAPS.get()).isEqualTo(before);
		}
	}

	@Test
	void callsOnCloseOnlyWhenOnMessageHasReturned() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch entered = new CountDownLatch(1);
		message = (server, frame) -> {
			entered.countDown();
			awaitLatch(release);
		};
		int before = OVERLAPS.get();
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("long"), RawFrame.text("never"));
			awaitLatch(entered);
			assertThat(server.reset(peer.fd())).isTrue();
			assertThat(server.exists(peer.fd())).isFalse();
			try (Peer other = Peer.connect()) { // time enough for another connection to open and close
				other.client().send(RawFrame.close(1000, ""));
				other.awaitGone();
			}
			assertThat(peer.events()).containsExactly("open", "long");
			release.countDown();
			peer.awaitGone();
			assertThat(peer.events()).containsExactly("open", "long", "close 1006 SERVER");
			assertThat(OVERLAPS.get()).isEqualTo(before);
		}
	}

	@Test
	void runsConnectionsInParallel() throws Exception {
		CyclicBarrier both = new CyclicBarrier(2);
		message = (server, frame) -> {
			both.await(60, TimeUnit.SECONDS);
			server.push(frame.fd(), "met");
		};
		try (Peer one = Peer.connect(); Peer two = Peer.connect()) {
			one.client().send(RawFrame.text("x"));
			two.client().send(RawFrame.text("x"));
			assertThat(one.client().message().text()).isEqualTo("met");
			assertThat(two.client().message().text()).isEqualTo("met");
		}
	}

	@Test
	void delaysNoOtherConnectionWhileACallbackBlocks() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		message = (server, frame) -> {
			if (frame.text().equals("block")) {
				awaitLatch(release);
			}
			server.push(frame.fd(), frame.text());
		};
		List<Peer> blocked = new ArrayList<>();
		try {
			for (int i = 0; i < 50; i++) {
				Peer peer = Peer.connect();
				blocked.add(peer);
				peer.client().send(RawFrame.text("block"));
			}
			for (int i = 0; i < 20; i++) {
				try (Peer free = Peer.connect()) {
					free.client().send(RawFrame.text("free"));
					assertThat(free.client().message().text()).isEqualTo("free");
				}
			}
			release.countDown();
			for (Peer peer : blocked) {
				assertThat(peer.client().message().text()).isEqualTo("block");
			}
		}
		finally {
			for (Peer peer : blocked) {
				peer.close();
			}
		}
	}

	@Test
	void readsNoMoreOfAConnectionWhoseCallbackBlocks() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		message = (server, frame) -> awaitLatch(release);
		try (Peer peer = Peer.connect()) {
			Thread writer = Thread.startVirtualThread(() -> {
				try {
					for (int i = 0; i < 64; i++) {
						peer.client().send(RawFrame.binary(new byte[1024 * 1024]));
					}
				}
				catch (IOException e) {
					// closed below
				}
			});
			peer.awaitEvents(2);
			assertThat(writer.join(Duration.ofSeconds(1))).as("the client cannot send 64 MiB").isFalse();
			assertThat(server.connectionInfo(peer.fd()).orElseThrow().traffic().bytesIn()).isLessThan(8 * 1024 * 1024);
			release.countDown();
			assertThat(writer.join(Duration.ofSeconds(60))).isTrue();
			peer.awaitEvents(65);
		}
	}

	@Test
	void sendsWhatAnotherThreadPushesWhileTheCallbackBlocks() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		message = (server, frame) -> awaitLatch(release);
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("one"), RawFrame.text("two"));
			peer.awaitEvents(2);
			server.push(peer.fd(), "meanwhile");
			assertThat(peer.client().message().text()).isEqualTo("meanwhile");
			release.countDown();
		}
	}

	@Test
	void runsDeferredTasksAfterTheCallbackAndBeforeTheNext() throws Exception {
		List<String> order = Collections.synchronizedList(new ArrayList<>());
		message = (server, frame) -> {
			server.defer(() -> {
				order.add("deferred " + frame.text());
				server.defer(() -> order.add("nested " + frame.text()));
			});
			order.add("message " + frame.text());
		};
		close = (server, fd, status, initiator) -> {
			server.defer(() -> order.add("deferred close " + server.connectionInfo(fd).isPresent()));
			order.add("close");
		};
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("1"), RawFrame.text("2"), RawFrame.close(1000, ""));
			peer.awaitGone();
			assertThat(order).containsExactly("message 1", "deferred 1", "nested 1", "message 2", "deferred 2", "nested 2",
					"close", "deferred close true");
		}
	}

	@Test
	void runsDeferredTasksAtOnceOutsideOfCallbacks() throws Exception {
		CountDownLatch done = new CountDownLatch(1);
		server.defer(done::countDown);
		awaitLatch(done);
	}

	@Test
	void runsCallbacksOnVirtualThreads() throws Exception {
		List<Boolean> virtual = Collections.synchronizedList(new ArrayList<>());
		open = (server, request) -> virtual.add(Thread.currentThread().isVirtual());
		message = (server, frame) -> virtual.add(Thread.currentThread().isVirtual());
		close = (server, fd, status, initiator) -> virtual.add(Thread.currentThread().isVirtual());
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("x"));
			peer.client().send(RawFrame.close(1000, ""));
			peer.awaitGone();
			assertThat(virtual).containsExactly(true, true, true);
		}
	}

	static class Quick {
		@Bean
		@NonBlocking
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), Thread.currentThread().getName() + " "
					+ Thread.currentThread().isVirtual());
		}
	}

	@Test
	void runsNonBlockingCallbacksOnTheThreadThatReadTheSocket() throws Exception {
		try (RunningHawser quick = RunningHawser.start(Quick.class); RawClient client = quick.connect()) {
			for (int i = 0; i < 10; i++) {
				client.send(RawFrame.text("x"));
				assertThat(client.message().text()).startsWith("jetty-").endsWith(" false");
			}
		}
	}

	// Close: once and last.

	interface Ending {
		void end(Peer peer) throws Exception;
	}

	static Stream<Arguments> endings() {
		return Stream.of(
				ending("close frame of the client", "1000 CLIENT", peer -> peer.client().send(RawFrame.close(1000, "bye"))),
				ending("close frame of the client without a code", "1005 CLIENT", peer -> peer.client().send(RawFrame.opcode(8))),
				ending("application code of the client", "4999 CLIENT", peer -> peer.client().send(RawFrame.close(4999, ""))),
				ending("two close frames of the client", "1000 CLIENT",
						peer -> peer.client().send(RawFrame.close(1000, ""), RawFrame.close(1001, ""))),
				ending("end of the client's stream", "1006 CLIENT", peer -> peer.client().socket().shutdownOutput()),
				ending("client gone", "1006 CLIENT", Peer::close),
				ending("reset by the client", "1006 CLIENT", peer -> {
					peer.client().socket().setSoLinger(true, 0);
					peer.close();
				}),
				ending("client gone within a frame", "1006 CLIENT", peer -> {
					peer.client().send(new byte[] { (byte) 0x81 });
					peer.close();
				}),
				ending("violation", "1002 SERVER", peer -> peer.client().send(RawFrame.opcode(3))),
				ending("disconnect", "4001 SERVER", peer -> {
					server.disconnect(peer.fd(), 4001, "enough");
					peer.client().message();
					peer.client().send(RawFrame.close(4001, ""));
				}),
				ending("disconnect, client answers with another code", "4001 SERVER", peer -> {
					server.disconnect(peer.fd(), 4001, "enough");
					peer.client().message();
					peer.client().send(RawFrame.close(1000, ""));
				}),
				ending("disconnect, client goes without an answer", "4001 SERVER", peer -> {
					server.disconnect(peer.fd(), 4001, "enough");
					peer.client().message();
					peer.close();
				}),
				ending("disconnect twice", "4001 SERVER", peer -> {
					server.disconnect(peer.fd(), 4001, "enough");
					server.disconnect(peer.fd(), 4002, "more than enough");
					peer.client().send(RawFrame.close(1000, ""));
				}),
				ending("close frame pushed", "4001 SERVER", peer -> {
					server.push(peer.fd(), new byte[] { 0x0F, (byte) 0xA1 }, Opcode.CLOSE, true);
					peer.client().send(RawFrame.close(4001, ""));
				}),
				ending("close without a close frame", "1006 SERVER", peer -> server.hangUp(peer.fd())),
				ending("reset", "1006 SERVER", peer -> server.reset(peer.fd())),
				ending("reset after disconnect", "4001 SERVER", peer -> {
					server.disconnect(peer.fd(), 4001, "enough");
					server.reset(peer.fd());
				}));
	}

	private static Arguments ending(String label, String expected, Ending ending) {
		return Arguments.of(label, expected, ending);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("endings")
	void callsOnCloseOnceAndLast(String label, String expected, Ending ending) throws Exception {
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("one"), RawFrame.text("two"));
			peer.awaitEvents(3);
			ending.end(peer);
			peer.awaitGone();
			server.disconnect(peer.fd());
			server.reset(peer.fd());
			assertThat(peer.events()).containsExactly("open", "one", "two", "close " + expected);
		}
	}

	@Test
	void deliversWhatCameBeforeTheCloseFrameAndNothingAfterIt() throws Exception {
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("one"), RawFrame.text("two"), RawFrame.close(1000, ""), RawFrame.text("three"));
			peer.awaitGone();
			assertThat(peer.events()).containsExactly("open", "one", "two", "close 1000 CLIENT");
		}
	}

	@Test
	void deliversNothingAfterItsOwnDisconnect() throws Exception {
		message = (server, frame) -> server.disconnect(frame.fd(), 4001, "one is enough");
		try (Peer peer = Peer.connect()) {
			peer.client().send(RawFrame.text("one"), RawFrame.text("two"));
			assertThat(peer.client().message().closeCode()).isEqualTo(4001);
			peer.client().send(RawFrame.text("three"), RawFrame.close(4001, ""));
			peer.awaitGone();
			assertThat(peer.events()).containsExactly("open", "one", "close 4001 SERVER");
		}
	}

	@Test
	void endsEveryConnectionOnceUnderARaceOfClosers() throws Exception {
		for (int i = 0; i < 50; i++) {
			try (Peer peer = Peer.connect()) {
				CyclicBarrier start = new CyclicBarrier(3);
				Thread one = Thread.startVirtualThread(() -> at(start, () -> server.disconnect(peer.fd())));
				Thread two = Thread.startVirtualThread(() -> at(start, () -> server.hangUp(peer.fd())));
				start.await(60, TimeUnit.SECONDS);
				try {
					peer.client().send(RawFrame.text("x"), RawFrame.close(1000, ""));
				}
				catch (SocketException e) {
					// the others were first
				}
				one.join();
				two.join();
				peer.awaitGone();
				assertThat(peer.events().stream().filter(event -> event.startsWith("close"))).hasSize(1);
				assertThat(peer.events().getLast()).startsWith("close");
			}
		}
	}

	private static void at(CyclicBarrier start, Runnable task) {
		try {
			start.await(60, TimeUnit.SECONDS);
			task.run();
		}
		catch (Exception e) {
			throw new IllegalStateException(e);
		}
	}

	// Failures.

	static Stream<Arguments> failures() {
		return Stream.of(Arguments.of("exception", new Exception("of secret cause")),
				Arguments.of("runtime exception", new IllegalStateException("of secret cause")),
				Arguments.of("error", new AssertionError("of secret cause")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("failures")
	void endsOneConnectionWhenOnMessageThrows(String label, Throwable failure) throws Exception {
		message = (server, frame) -> {
			if (frame.text().equals("throw")) {
				server.push(frame.fd(), "last words");
				raise(failure);
			}
			server.push(frame.fd(), frame.text());
		};
		try (Peer peer = Peer.connect(); Peer other = Peer.connect()) {
			peer.client().send(RawFrame.text("throw"), RawFrame.text("never"));
			assertThat(peer.client().message().text()).isEqualTo("last words");
			var closing = peer.client().message();
			assertThat(closing.closeCode()).isEqualTo(1011);
			assertThat(closing.closeReason()).isEqualTo("callback failed");
			assertThat(peer.client().ended()).isTrue();
			peer.awaitGone();
			assertThat(peer.events()).containsExactly("open", "throw", "close 1011 SERVER");
			other.client().send(RawFrame.text("alive"));
			assertThat(other.client().message().text()).isEqualTo("alive");
		}
	}

	@Test
	void endsOneConnectionWhenOnOpenThrows() throws Exception {
		open = (server, request) -> {
			throw new IllegalStateException("of secret cause");
		};
		try (Peer peer = Peer.connect()) {
			assertThat(peer.client().message().closeCode()).isEqualTo(1011);
			assertThat(peer.client().ended()).isTrue();
			peer.awaitGone();
			assertThat(peer.events()).containsExactly("open", "close 1011 SERVER");
		}
	}

	@Test
	void survivesAnOnCloseThatThrows() throws Exception {
		close = (server, fd, status, initiator) -> {
			throw new AssertionError("of secret cause");
		};
		try (Peer other = Peer.connect()) {
			try (Peer peer = Peer.connect()) {
				long closed = server.stats().closedCount();
				peer.client().send(RawFrame.close(1000, ""));
				assertThat(peer.client().message().closeCode()).isEqualTo(1000);
				peer.awaitGone();
				assertThat(server.stats().closedCount()).isGreaterThan(closed);
			}
			message = (server, frame) -> server.push(frame.fd(), "alive");
			other.client().send(RawFrame.text("x"));
			assertThat(other.client().message().text()).isEqualTo("alive");
		}
	}

	private static void raise(Throwable failure) throws Exception {
		switch (failure) {
			case Exception e -> throw e;
			case Error e -> throw e;
			default -> throw new IllegalStateException(failure);
		}
	}
}
