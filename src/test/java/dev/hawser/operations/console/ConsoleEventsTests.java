package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hawser.api.CloseInitiator;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.operations.console.ConsoleEvents.Event;
import dev.hawser.protocol.Opcode;
import dev.hawser.push.ConnectionWatch.Seen;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** What it costs to be looked at: nothing while there is no operator, and little otherwise. */
class ConsoleEventsTests {
	private static final InstantSource CLOCK = InstantSource.system();
	private static final int MANY = 100_000;

	private final ConsoleEvents events = new ConsoleEvents();
	private final Set<String> here = new HashSet<>(Set.of("n-1"));
	private final AtomicLong ticks = new AtomicLong();
	private final LentWatches watches = new LentWatches(events, here::contains, CLOCK, ticks::get);

	private static Event event(String kind, String connection) {
		return new Event(1, kind, "chat", connection, "ann", null, 0, null);
	}

	private void happen(int count, String connection) {
		IntStream.range(0, count).forEach(i -> events.tell(event("received", connection)));
	}

	private static WebSocketConnection connectionOf(RunningHawser server, RawClient client) throws Exception {
		client.awaitOpen();
		return server.bean(Connections.class).all().findFirst().orElseThrow();
	}

	/** Bytes that the thread allocates in many calls. */
	private static long allocated(Runnable call) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		for (int i = 0; i < MANY; i++) {
			call.run();
		}
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < MANY; i++) {
			call.run();
		}
		return threads.getCurrentThreadAllocatedBytes() - before;
	}

	@Test
	void costNothingWhileNoOperatorLooks() throws Exception {
		WatchedConnections watched = new WatchedConnections(events, "chat", CLOCK, () -> true);
		try (RunningHawser server = RunningHawser.start(Parrot.class); RawClient client = server.connect()) {
			WebSocketConnection connection = connectionOf(server, client);
			CloseStatus status = new CloseStatus(1000, "bye");
			Runnable everything = () -> {
				watched.opened(connection);
				watched.received(connection, Opcode.TEXT, 5, null);
				watched.sent(connection, Opcode.TEXT, 5, "hello");
				watched.lost(connection);
				watched.rejected("origin");
				watched.closed(connection, status, CloseInitiator.CLIENT);
			};
			assertThat(allocated(everything)).isLessThan(MANY);

			events.add(new Watcher(null), 1);
			Runnable messages = () -> {
				watched.received(connection, Opcode.TEXT, 5, null);
				watched.sent(connection, Opcode.TEXT, 5, "hello");
			};
			assertThat(allocated(messages)).as("messages, while an operator looks at all connections").isLessThan(MANY);
		}
	}

	@Test
	void remembersNoMoreThanAWatcherCanRead() throws Exception {
		Watcher all = new Watcher(null);
		Watcher one = new Watcher("n-1");
		assertThat(events.add(all, 2)).isTrue();
		assertThat(events.add(one, 2)).isTrue();
		assertThat(events.add(new Watcher(null), 2)).isFalse();
		happen(1_500, "n-1");
		happen(10, "n-2");
		events.tell(event("open", "n-2"));
		assertThat(one.next(Duration.ZERO, 2_000)).hasSize(1_000);
		assertThat(one.leftOut()).isEqualTo(500);
		assertThat(all.next(Duration.ZERO, 2_000)).extracting(Event::kind).containsExactly("open");
		events.remove(one);
		assertThat(events.add(new Watcher(null), 2)).isTrue();
	}

	@Test
	void cutsWhatStrangersMakeLong() {
		Event event = new Event(1, "close", "chat", "n-1", "a".repeat(8_000), "1000: " + "b".repeat(8_000), 0, null);
		assertThat(event.user()).hasSize(301).endsWith("…");
		assertThat(event.detail()).hasSize(301);
	}

	@Test
	void numbersWhatHappensForAnotherNode() {
		Seen begin = watches.since("n-1", 0);
		assertThat(begin.events()).isEmpty();
		happen(3, "n-1");
		happen(3, "n-2");
		Seen three = watches.since("n-1", begin.last());
		assertThat(three.events()).hasSize(3).allSatisfy(json -> assertThat(json).contains("\"kind\":\"received\""));
		assertThat(three.last()).isEqualTo(begin.last() + 3);
		assertThat(watches.since("n-1", three.last())).isEqualTo(Seen.nothingAfter(three.last()));
		assertThat(watches.since("n-1", begin.last() + 1).events()).as("another operator").hasSize(2);
		assertThat(watches.since("n-2", 7)).as("no connection of this node").isEqualTo(Seen.nothingAfter(7));
	}

	@Test
	void leavesOutWhatComesTooFastForAnotherNode() {
		Seen begin = watches.since("n-1", 0);
		happen(LentWatch.MOST_KEPT + 50, "n-1");
		Seen first = watches.since("n-1", begin.last());
		assertThat(first.leftOut()).isEqualTo(50);
		assertThat(first.events()).hasSize(LentWatch.MOST_TOLD);
		Seen second = watches.since("n-1", first.last());
		assertThat(second.leftOut()).isZero();
		assertThat(second.last()).isEqualTo(begin.last() + 50 + 2 * LentWatch.MOST_TOLD);
	}

	@Test
	void endsAWatchWhenNoNodeAsksAnyMore() {
		long before = watches.since("n-1", 0).last();
		happen(1, "n-1");
		here.remove("n-1");
		assertThat(watches.since("n-1", before).events()).as("the last words of a connection that has ended").hasSize(1);
		assertThat(events.areWatched()).isTrue();
		ticks.addAndGet(LentWatch.PATIENCE.toNanos() + 1);
		happen(1, "n-2");
		assertThat(events.areWatched()).isFalse();
		assertThat(watches.since("n-1", before)).isEqualTo(Seen.nothingAfter(before));
	}

	@Test
	void watchesALimitedNumberOfConnectionsForOthers() {
		List<String> ids = IntStream.range(0, LentWatches.MOST + 1).mapToObj(i -> "m-" + i).toList();
		here.addAll(ids);
		ids.forEach(id -> watches.since(id, 0));
		ids.forEach(id -> happen(1, id));
		assertThat(watches.since(ids.getLast(), 0).events()).hasSize(1);
		assertThat(watches.since(ids.getFirst(), 0).events()).as("it was asked for longest ago").isEmpty();
	}
}
