package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hawser.api.JoinResult;
import dev.hawser.api.LeaveResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.push.LocalWebSocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups, as applications see them. */
class GroupsTests {
	private final HeldThreads threads = new HeldThreads();
	private final Connections connections = TestConnections.connections(threads);
	private final WebSocketServer server = new LocalWebSocketServer(connections, _ -> {
	});

	@AfterEach
	void close() {
		connections.close();
	}

	private long open(Hub hub, RecordingHandler handler) {
		LiveConnection connection = TestConnections.create(hub, connections, new ScriptedTransport(), handler, null);
		connection.open();
		threads.run();
		return connection.fd();
	}

	private long open() {
		return open(TestConnections.hub(), new RecordingHandler());
	}

	private List<Long> members(String group) {
		return server.members(Hub.DEFAULT, group).sorted().boxed().toList();
	}

	@Test
	void haveTheMembersThatJoinedAndDidNotLeave() {
		long first = open();
		long second = open();
		assertThat(server.join(first, "a")).isEqualTo(JoinResult.JOINED);
		assertThat(server.join(second, "a")).isEqualTo(JoinResult.JOINED);
		assertThat(server.join(first, "b")).isEqualTo(JoinResult.JOINED);
		assertThat(server.join(first, "a")).isEqualTo(JoinResult.ALREADY_JOINED);
		assertThat(members("a")).containsExactly(first, second);
		assertThat(server.groups(first)).containsExactly("a", "b");
		assertThat(server.connectionInfo(first).orElseThrow().groups()).containsExactly("a", "b");
		assertThat(server.leave(first, "a")).isEqualTo(LeaveResult.LEFT);
		assertThat(server.leave(first, "a")).isEqualTo(LeaveResult.NOT_A_MEMBER);
		assertThat(members("a")).containsExactly(second);
		assertThat(server.groups(first)).containsExactly("b");
	}

	@Test
	void belongToAHub() {
		Hub other = new Hub("other", TestConnections.settings(SlowConsumerPolicy.CLOSE, Duration.ofSeconds(60)), List.of());
		long here = open();
		long there = open(other, new RecordingHandler());
		server.join(here, "a");
		server.join(there, "a");
		assertThat(members("a")).containsExactly(here);
		assertThat(server.members("other", "a")).containsExactly(there);
		assertThat(server.members("unknown", "a")).isEmpty();
		assertThat(members("unknown")).isEmpty();
	}

	@Test
	void loseAConnectionThatIsOverButTellItsOnClose() {
		List<Set<String>> seen = new ArrayList<>();
		RecordingHandler handler = new RecordingHandler().onClose((connection, _) -> seen.add(server.groups(connection.fd())));
		long fd = open(TestConnections.hub(), handler);
		server.join(fd, "a");
		server.join(fd, "b");
		Objects.requireNonNull(connections.find(fd)).hangUp();
		assertThat(members("a")).as("before OnClose has run").isEmpty();
		assertThat(server.join(fd, "c")).isEqualTo(JoinResult.NOT_FOUND);
		assertThat(server.leave(fd, "a")).isEqualTo(LeaveResult.NOT_FOUND);
		threads.run();
		assertThat(seen).containsExactly(Set.of("a", "b"));
		assertThat(connections.ofGroup(Hub.DEFAULT, "a")).isEmpty();
		assertThat(connections.ofGroup(Hub.DEFAULT, "b")).isEmpty();
		assertThat(server.groups(fd)).isEmpty();
	}

	@Test
	void areUnknownToAnUnknownConnection() {
		assertThat(server.join(99, "a")).isEqualTo(JoinResult.NOT_FOUND);
		assertThat(server.leave(99, "a")).isEqualTo(LeaveResult.NOT_FOUND);
		assertThat(server.groups(99)).isEmpty();
		assertThat(server.leave(open(), "a")).isEqualTo(LeaveResult.NOT_A_MEMBER);
	}

	@Test
	void areBoundedForAConnection() {
		long fd = open();
		for (int i = 0; i < WebSocketServer.MAX_GROUPS; i++) {
			assertThat(server.join(fd, "g" + i)).isEqualTo(JoinResult.JOINED);
		}
		assertThat(server.join(fd, "one more")).isEqualTo(JoinResult.TOO_MANY);
		assertThat(members("one more")).isEmpty();
		assertThat(server.join(fd, "g0")).isEqualTo(JoinResult.ALREADY_JOINED);
		server.leave(fd, "g0");
		assertThat(server.join(fd, "one more")).isEqualTo(JoinResult.JOINED);
	}

	@Test
	void haveNamesOfBoundedLength() {
		long fd = open();
		assertThatIllegalArgumentException().isThrownBy(() -> server.join(fd, ""));
		assertThat(server.join(fd, "x".repeat(WebSocketServer.MAX_GROUP_NAME))).isEqualTo(JoinResult.JOINED);
		assertThatIllegalArgumentException().isThrownBy(() -> server.join(fd, "x".repeat(WebSocketServer.MAX_GROUP_NAME + 1)))
				.withMessageContaining("1 to 1024 characters");
	}

	@Test
	void keepNothingWhenJoiningLeavingAndClosingRace() throws Exception {
		try (ExecutorService pool = Executors.newFixedThreadPool(3);
				Connections racing = TestConnections.connections(Thread::startVirtualThread)) {
			for (int round = 0; round < 1000; round++) {
				RecordingHandler handler = new RecordingHandler();
				LiveConnection connection = TestConnections.create(racing, new ScriptedTransport(), handler, null);
				connection.open();
				CountDownLatch go = new CountDownLatch(1);
				List<Future<?>> race = new ArrayList<>();
				for (Runnable act : List.<Runnable>of(() -> racing.join(connection.fd(), "a"), () -> racing.leave(connection.fd(), "a"),
						connection::hangUp)) {
					race.add(pool.submit(() -> {
						go.await();
						act.run();
						return null;
					}));
				}
				go.countDown();
				for (Future<?> thread : race) {
					thread.get(60, TimeUnit.SECONDS);
				}
				assertThat(handler.awaitClosed()).isTrue();
			}
			racing.closeAll(CloseReasons.SHUTDOWN, Duration.ofSeconds(60)); // waits until the last is no longer listed
			assertThat(racing.size()).isZero();
			assertThat(racing.ofGroup(Hub.DEFAULT, "a")).isEmpty();
		}
	}
}
