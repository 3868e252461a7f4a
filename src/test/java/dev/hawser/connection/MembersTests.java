package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembersTests {
	private final Connections all = TestConnections.connections(Runnable::run);
	private final Hub hub = TestConnections.hub();
	private final Members users = new Members();

	@AfterEach
	void close() {
		all.close();
	}

	private LiveConnection connection() {
		return TestConnections.create(hub, all, new ScriptedTransport(), new RecordingHandler(), null);
	}

	@Test
	void hasNoMembersInTheBeginning() {
		assertThat(users.of("ada")).isEmpty();
		assertThat(users.count(hub, "ada")).isZero();
	}

	@Test
	void followsAUserFromNoneToSeveralAndBack() {
		LiveConnection first = connection();
		LiveConnection second = connection();
		WebSocketConnection third = connection();
		Stream.of(first, second, third).forEach(connection -> users.add("ada", connection));
		assertThat(users.of("ada")).containsExactlyInAnyOrder(first, second, third);
		users.remove("ada", first);
		users.remove("ada", third);
		assertThat(users.of("ada")).containsExactly(second);
		users.add("ada", first);
		assertThat(users.of("ada")).containsExactlyInAnyOrder(first, second);
		assertThat(users.count(hub, "ada")).isEqualTo(2);
		users.remove("ada", second);
		users.remove("ada", first);
		assertThat(users.of("ada")).isEmpty();
	}

	@Test
	void countsAConnectionOnce() {
		LiveConnection connection = connection();
		users.add("ada", connection);
		users.add("ada", connection);
		assertThat(users.count(hub, "ada")).isEqualTo(1);
		users.remove("ada", connection);
		assertThat(users.count(hub, "ada")).isZero();
	}

	@Test
	void leavesAnotherUsersConnectionAlone() {
		LiveConnection connection = connection();
		users.add("ada", connection);
		users.remove("ada", connection());
		users.remove("bob", connection);
		assertThat(users.of("ada")).containsExactly(connection);
	}

	@Test
	void losesNoneWhenThreadsComeAndGo() throws Exception {
		List<WebSocketConnection> staying = IntStream.range(0, 4).<WebSocketConnection>mapToObj(_ -> connection()).toList();
		List<Thread> threads = staying.stream().map(own -> Thread.ofVirtual().start(() -> {
			for (int i = 0; i < 2_000; i++) {
				users.add("ada", own);
				users.remove("ada", own);
			}
			users.add("ada", own);
		})).toList();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(users.of("ada")).containsExactlyInAnyOrderElementsOf(staying);
	}
}
