package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.BindResult;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

class ConnectionsTests {
	private final HeldThreads threads = new HeldThreads();
	private final Connections connections = TestConnections.connections(threads);

	@AfterEach
	void close() {
		connections.close();
	}

	private LiveConnection open(@Nullable String user) {
		LiveConnection connection = TestConnections.open(connections, user);
		threads.run();
		return connection;
	}

	@Test
	void numbersConnectionsFromOneUpwards() {
		assertThat(LongStream.range(0, 3).map(_ -> connections.nextFd())).containsExactly(1L, 2L, 3L);
	}

	@Test
	void findsAConnectionFromItsOpeningUntilItsLastCallbackHasRun() {
		LiveConnection connection = TestConnections.create(connections, new ScriptedTransport(), new RecordingHandler(), null);
		assertThat(connections.find(1)).isNull();
		connection.open();
		assertThat(connections.find(1)).isSameAs(connection);
		threads.run();
		connection.hangUp();
		assertThat(connections.find(1)).as("before OnClose has run").isSameAs(connection);
		threads.run();
		assertThat(connections.find(1)).isNull();
		assertThat(connections.size()).isZero();
		assertThat(connections.all()).isEmpty();
	}

	/** A name like that of a pod; one name may be the beginning of another. */
	@Test
	void findsAConnectionByItsIdOnANodeWithDashesInItsName() {
		try (Connections pod = new Connections("hawser-7d9c5b6f4-1.x", threads)) {
			WebSocketConnection connection = TestConnections.open(pod, null);
			threads.run();
			assertThat(connection.getId()).isEqualTo("hawser-7d9c5b6f4-1.x-1");
			assertThat(pod.find(connection.getId())).isSameAs(connection);
			assertThat(List.of("hawser-7d9c5b6f4-1", "hawser-7d9c5b6f4-1-1", "hawser-1", "1", "-1", "", "hawser-7d9c5b6f4-1.x-",
					"hawser-7d9c5b6f4-1.x--1", "hawser-7d9c5b6f4-1.x-+1", "hawser-7d9c5b6f4-1.x-01", "hawser-7d9c5b6f4-1.x-1-1"))
					.allSatisfy(id -> assertThat(pod.find(id)).as(id).isNull());
		}
	}

	private LiveConnection recovered(String id) {
		LiveConnection connection = (LiveConnection) connections.create(new OpeningHandshake(TestConnections.hub(), connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Identity.NONE, Ticket.NONE, null, null,
				new HashMap<>(), id),
				new ScriptedTransport(), new RecordingHandler());
		connection.open();
		threads.run();
		return connection;
	}

	@Test
	void findsAConnectionByItsId() {
		LiveConnection connection = open(null);
		assertThat(connection.getId()).isEqualTo("test-1");
		assertThat(connections.find("test-1")).isSameAs(connection);
		for (String other : List.of("test-2", "other-1", "test-01", "test-+1", "test-", "test", "")) {
			assertThat(connections.find(other)).as(other).isNull();
		}
		connection.hangUp();
		threads.run();
		assertThat(connections.find("test-1")).isNull();
	}

	@Test
	void findsAConnectionThatBeganElsewhereByTheIdThatItHasKept() {
		open(null);
		LiveConnection recovered = recovered("elsewhere-7");
		assertThat(recovered.fd()).isEqualTo(2);
		assertThat(recovered.getId()).isEqualTo("elsewhere-7");
		assertThat(recovered.snapshot().connectionId()).isEqualTo("elsewhere-7");
		assertThat(connections.find("elsewhere-7")).isSameAs(recovered);
		assertThat(connections.find("test-2")).as("a name that it never had").isNull();
		recovered.hangUp();
		threads.run();
		assertThat(connections.find("elsewhere-7")).isNull();
	}

	/** As when others have buried the node: callbacks and webhooks of a connection name it to its end as they did at its begin. */
	@Test
	void keepsTheIdOfAnOpenConnectionWhenTheNodeIsRenamed() {
		LiveConnection connection = open(null);
		connections.rename("other");
		assertThat(connection.getId()).isEqualTo("test-1");
		assertThat(connection.isNamed("test-1")).isTrue();
		assertThat(connection.isNamed("other-1")).isFalse();
		assertThat(connections.find("test-1")).isSameAs(connection);
		assertThat(connections.find("other-1")).isNull();
		assertThat(open(null).getId()).isEqualTo("other-2");
	}

	@Test
	void findsTheNewerOfTwoWithTheSameIdAndKeepsItWhenTheOlderEnds() {
		LiveConnection older = recovered("elsewhere-7");
		LiveConnection newer = recovered("elsewhere-7");
		assertThat(connections.find("elsewhere-7")).isSameAs(newer);
		older.hangUp();
		threads.run();
		assertThat(connections.find("elsewhere-7")).isSameAs(newer);
	}

	@Test
	void pagesAscending() {
		IntStream.range(0, 25).forEach(_ -> open(null));
		List.of(3L, 7L, 8L).forEach(fd -> Objects.requireNonNull(connections.find(fd)).hangUp());
		threads.run();
		List<Long> seen = new ArrayList<>();
		for (List<Long> page = connections.page(0, 10); !page.isEmpty(); page = connections.page(page.getLast(), 10)) {
			assertThat(page).hasSizeLessThanOrEqualTo(10);
			seen.addAll(page);
		}
		assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 25).boxed().filter(fd -> !Set.of(3L, 7L, 8L).contains(fd)).toList());
		assertThat(connections.page(0, 1)).containsExactly(1L);
		assertThat(connections.page(2, 2)).containsExactly(4L, 5L);
		assertThat(connections.page(24, 10)).containsExactly(25L);
		assertThat(connections.page(25, 10)).isEmpty();
	}

	@Test
	void knowsTheConnectionsOfAUser() {
		LiveConnection first = open("alice");
		LiveConnection second = open("alice");
		WebSocketConnection other = open("bob");
		open(null);
		assertThat(connections.ofUser("alice")).containsExactlyInAnyOrder(first, second);
		assertThat(connections.ofUser("bob")).containsExactly(other);
		assertThat(connections.ofUser("nobody")).isEmpty();
		first.hangUp();
		threads.run();
		assertThat(connections.ofUser("alice")).containsExactly(second);
	}

	@Test
	void bindsAConnectionOnce() {
		LiveConnection connection = open("alice");
		assertThat(connections.bind(connection.fd(), "carol")).isEqualTo(BindResult.BOUND);
		assertThat(connection.userId()).isEqualTo("carol");
		assertThat(connections.ofUser("carol")).containsExactly(connection);
		assertThat(connections.ofUser("alice")).isEmpty();
		assertThat(connections.bind(connection.fd(), "dave")).isEqualTo(BindResult.ALREADY_BOUND);
		assertThat(connection.userId()).isEqualTo("carol");
		assertThat(connections.bind(99, "carol")).isEqualTo(BindResult.NOT_FOUND);
		connection.hangUp();
		assertThat(connections.bind(connection.fd(), "dave")).isEqualTo(BindResult.NOT_FOUND);
		threads.run();
		assertThat(connections.ofUser("carol")).isEmpty();
	}

	@Test
	void bindsToTheUserThatItHasAlready() {
		LiveConnection connection = open("alice");
		assertThat(connections.bind(connection.fd(), "alice")).isEqualTo(BindResult.BOUND);
		assertThat(connections.ofUser("alice")).containsExactly(connection);
	}

	@Test
	void leavesNothingBehindWhenBindingOpeningAndClosingRace() throws Exception {
		try (ExecutorService pool = Executors.newFixedThreadPool(3);
				Connections racing = TestConnections.connections(Thread::startVirtualThread)) {
			for (int round = 1; round <= 2000; round++) {
				long fd = round;
				RecordingHandler handler = new RecordingHandler();
				LiveConnection connection = TestConnections.create(racing, new ScriptedTransport(), handler, "alice");
				CountDownLatch go = new CountDownLatch(1);
				List<Future<?>> race = new ArrayList<>();
				for (String user : List.of("bob", "carol")) {
					race.add(pool.submit(() -> {
						go.await();
						for (int i = 0; i < 50 && racing.bind(fd, user) == BindResult.NOT_FOUND; i++) {
							Thread.onSpinWait();
						}
						return null;
					}));
				}
				race.add(pool.submit(() -> {
					go.await();
					connection.open();
					connection.hangUp();
					return null;
				}));
				go.countDown();
				for (Future<?> thread : race) {
					thread.get(60, TimeUnit.SECONDS);
				}
				assertThat(handler.awaitClosed()).isTrue();
			}
			racing.closeAll(CloseStatus.NORMAL, Duration.ofSeconds(60));
			assertThat(racing.size()).isZero();
			await().untilAsserted(() -> { // the user comes last
				assertThat(racing.ofUser("alice")).isEmpty();
				assertThat(racing.ofUser("bob")).isEmpty();
				assertThat(racing.ofUser("carol")).isEmpty();
			});
		}
	}

	@Test
	void countsWhatOpenAndClosedConnectionsDid() {
		LiveConnection first = open(null);
		LiveConnection second = open(null);
		first.received(ByteBuffer.wrap(RawFrame.text("in").bytes()));
		first.send(OutgoingFrame.text("out"));
		second.send(OutgoingFrame.text("out"));
		threads.run();
		assertThat(connections.totals()).isEqualTo(new Connections.Totals(2, 0, 1, 2));
		first.hangUp();
		threads.run();
		assertThat(connections.totals()).isEqualTo(new Connections.Totals(2, 1, 1, 2));
	}

	@Test
	void closesAllAndWaitsForTheirLastCallbacks() throws Exception {
		try (Connections real = TestConnections.connections(Thread::startVirtualThread)) {
			List<ScriptedTransport> transports = new ArrayList<>();
			List<RecordingHandler> handlers = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				transports.add(new ScriptedTransport());
				handlers.add(new RecordingHandler());
				LiveConnection connection = TestConnections.create(real, transports.get(i), handlers.get(i), null);
				connection.open();
				if (i < 2) { // the third never answers
					answersAClose(connection, transports.get(i));
				}
			}
			assertThat(real.closeAll(CloseReasons.SHUTDOWN, Duration.ofSeconds(5))).isEqualTo(1);
			for (int i = 0; i < 3; i++) {
				assertThat(handlers.get(i).awaitClosed()).isTrue();
				assertThat(handlers.get(i).events).containsExactly("open", "close 1012 SERVER");
				assertThat(transports.get(i).frames().getFirst().closeCode()).isEqualTo(1012);
			}
		}
	}

	/** Lets the peer of this connection answer the close frame and close the socket, as it should. */
	private static void answersAClose(LiveConnection connection, ScriptedTransport transport) {
		Thread.startVirtualThread(() -> {
			Awaitility.await().until(() -> !transport.frames().isEmpty());
			connection.received(ByteBuffer.wrap(RawFrame.close(1012, "").bytes()));
			connection.ended(null);
		});
	}

	@Test
	void closesAlsoWhatOpensWhileAllAreBeingClosed() throws Exception {
		ScriptedTransport late = new ScriptedTransport();
		RecordingHandler handler = new RecordingHandler();
		try (Connections real = TestConnections.connections(Thread::startVirtualThread)) {
			Hub hub = TestConnections.hub(new ConnectionObserver() {
				@Override
				public void sent(WebSocketConnection connection, Opcode opcode, int payload) { // the close frame of the first
					TestConnections.create(real, late, handler, null).open();
				}
			});
			TestConnections.create(hub, real, new ScriptedTransport(), new RecordingHandler(), null).open();
			assertThat(real.closeAll(CloseReasons.SHUTDOWN, Duration.ofMillis(500))).isEqualTo(2);
			assertThat(late.frames()).hasSize(1);
			assertThat(late.frames().getFirst().closeCode()).isEqualTo(1012);
			assertThat(handler.awaitClosed()).isTrue();
			assertThat(handler.events).containsExactly("open", "close 1012 SERVER");
		}
	}

	@Test
	void turnsAwayWhatOpensUntilItIsToldOtherwise() {
		WebSocketConnection before = open(null);
		connections.turnAway(CloseReasons.SHUTDOWN);
		WebSocketConnection meanwhile = open(null);
		connections.turnAway(null);
		WebSocketConnection after = open(null);
		assertThat(List.of(before.isOpen(), meanwhile.isOpen(), after.isOpen())).containsExactly(true, false, true);
	}
}
