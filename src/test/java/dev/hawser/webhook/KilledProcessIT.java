package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Answer;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged server is killed while hundreds chat through a backend that often fails, and is started again. What thousands see in a
 * minute is a row of faults/run.
 */
class KilledProcessIT {
	private static final int CLIENTS = 300;
	private static final int MESSAGES_BEFORE = 3000;
	private static final Duration MOST_WORK = Duration.ofMillis(10);
	private static final Duration RECOVERY = Duration.ofMinutes(2);

	@TempDir
	private Path folder;
	private final Map<String, Told> told = new ConcurrentHashMap<>();
	/** The names of the clients that got a connection. */
	private final Set<String> opened = ConcurrentHashMap.newKeySet();
	private final AtomicInteger names = new AtomicInteger();
	private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
	private final AtomicInteger messages = new AtomicInteger();
	private final AtomicInteger losses = new AtomicInteger();

	/** What the backend knows of one connection. */
	private static final class Told {
		private final AtomicInteger underWay = new AtomicInteger();
		private int last = -1;
		private boolean connected;
		private int message;
		private volatile boolean accepted;
		private volatile String client = "";
		private volatile String end = "";
	}

	/**
	 * Whether a disconnected must follow. A connect that is under way in the moment of the kill may have been accepted and not stored;
	 * its client has no connection.
	 */
	private boolean isOwedAnEnd(Told connection) {
		return connection.accepted && connection.end.isEmpty() && opened.contains(connection.client);
	}

	private Answer recorded(Answer answer) {
		return (exchange, call) -> {
			String id = Objects.requireNonNull(call.header("ce-connectionId"));
			Told connection = told.computeIfAbsent(id, _ -> new Told());
			if (connection.underWay.incrementAndGet() > 1) {
				wrong.add(id + ": " + call.event() + " while another event was under way");
			}
			take(id, connection, call);
			LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MOST_WORK.toNanos())); // another event may come now
			connection.underWay.decrementAndGet();
			answer.give(exchange, call);
		};
	}

	private void take(String id, Told connection, Call call) {
		int number = Integer.parseInt(Objects.requireNonNull(call.header("ce-id")));
		boolean isConnected = call.event().equals("connected");
		if (isConnected && connection.connected && number == 1) {
			return; // the kill has taken the note that it was told
		}
		connection.connected |= isConnected;
		if (number < connection.last || (number == 0) != call.event().equals("connect")) {
			wrong.add(id + ": " + call.event() + " " + number + " after " + connection.last);
		}
		if (call.event().equals("message") && number > connection.last) {
			int message = Integer.parseInt(call.text());
			if (message != connection.message + 1) {
				wrong.add(id + ": message " + message + " after " + connection.message);
			}
			connection.message = message;
		}
		connection.last = number;
		if (number == 0) {
			connection.accepted = true;
			connection.client = call.text().replaceAll("(?s).*\"name\":\\[\"(\\w+)\".*", "$1");
		}
		if (call.event().equals("disconnected")) {
			connection.end = call.text();
		}
	}

	private void reply(HttpExchange exchange, Call call) throws IOException {
		messages.incrementAndGet();
		int dice = ThreadLocalRandom.current().nextInt(100);
		if (dice < 3) {
			exchange.close(); // hangs up
			return;
		}
		Answer answer = dice < 10 ? FakeBackend.status(500)
				: dice < 12 ? FakeBackend.body(200, new byte[] { '?' }, "Content-Type", "text/html") : FakeBackend.text(call.text());
		answer.give(exchange, call);
	}

	private HawserJar start(FakeBackend backend) throws IOException {
		String entry = "hawser.hubs.default.webhooks[0].";
		return HawserJar.start(HawserJar.JAR, folder, Map.of(), entry + "url=" + backend.url(), entry + "retries=1",
				entry + "retry-delay=10ms", "hawser.webhooks.folder=" + folder.resolve("store"), "hawser.connection.limits.per-user=0");
	}

	/** Sends one message after the other until the process is killed. A lost one must have ended the connection with 1011. */
	private void chat(URI url) {
		for (boolean running = true; running;) {
			String name = "c" + names.incrementAndGet();
			try (RawClient client = RawClient.connect(url.getPort())
					.upgrade(url.getPath() + '?' + url.getQuery() + "&name=" + name)) {
				opened.add(name);
				for (int message = 1;; message++) {
					ReceivedFrame heard = client.send(RawFrame.text(Integer.toString(message))).message();
					if (heard.opcode() == 8) {
						losses.incrementAndGet();
						if (heard.closeCode() != 1011) {
							wrong.add("closed with " + heard.closeCode());
						}
						break;
					}
					if (!heard.text().equals(Integer.toString(message))) {
						wrong.add(heard.text() + " came for " + message);
					}
				}
			}
			catch (IOException e) {
				running = false;
			}
		}
	}

	@Test
	void losesNothingThatIsPromised() throws Exception {
		try (FakeBackend backend = new FakeBackend()) {
			for (String event : List.of("connect", "connected", "disconnected")) {
				backend.answer(event, recorded(FakeBackend.status(204)));
			}
			backend.answer("message", recorded(this::reply));
			try (HawserJar first = start(backend); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				URI url = first.url();
				List<Future<?>> clients = new ArrayList<>();
				for (int i = 0; i < CLIENTS; i++) {
					clients.add(threads.submit(() -> chat(url)));
				}
				await().atMost(RECOVERY).until(() -> messages.get() > MESSAGES_BEFORE);
				first.program().signal("KILL");
				for (Future<?> client : clients) {
					client.get();
				}
			}
			assertThat(losses).as("messages that the backend did not take, and whose clients were told").hasPositiveValue();
			assertThat(told.values()).anyMatch(this::isOwedAnEnd);
			try (HawserJar _ = start(backend)) {
				await().atMost(RECOVERY).until(() -> told.values().stream().noneMatch(this::isOwedAnEnd));
			}
			assertThat(told.values()).anyMatch(connection -> connection.end.contains("node lost"));
			assertThat(wrong).isEmpty();
		}
	}
}
