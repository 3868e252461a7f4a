package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever clients join, leave and send at the same time: each gets what another sends in the order of sending, and nothing twice; and all of
 * it in a group that it never leaves.
 */
class GroupOrderTests {
	private static final int SENDERS = 6;
	private static final int LISTENERS = 4;
	private static final int MESSAGES = 300;
	private static final Pattern NUMBERED = Pattern.compile("#(\\d+)-(\\d+)-(\\w+)#");
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private interface Reader {
		ReceivedFrame next() throws Exception;
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void deliversInOrderAndNothingTwice(long seed) throws Exception {
		List<AutoCloseable> clients = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Void>> readers = new ArrayList<>();
			List<JsonPeer> senders = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				JsonPeer peer = JsonPeer.connect(server, "user" + i, "webpubsub.joinLeaveGroup", "webpubsub.sendToGroup");
				clients.add(peer);
				senders.add(peer);
				for (String group : List.of("all", "a", "b")) {
					assertThat(peer.send("{'type':'joinGroup','group':'" + seed + group + "','ackId':" + (group.hashCode() & 0xFFFF) + "}")
							.text())
							.contains("true");
				}
			}
			for (int i = 0; i < LISTENERS; i++) {
				RawClient raw = RawClient.connect(server.port()).upgrade("/ws?join=" + seed + "all&join=" + seed + "a");
				clients.add(raw);
				readers.add(threads.submit(reading(raw::message)));
			}
			List<Future<Void>> writers = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				JsonPeer peer = senders.get(i);
				readers.add(threads.submit(reading(peer::frame)));
				int sender = i;
				writers.add(threads.submit(() -> write(peer, sender, seed)));
			}
			for (Future<Void> each : writers) {
				each.get(2, TimeUnit.MINUTES);
			}
			for (Future<Void> each : readers) {
				each.get(2, TimeUnit.MINUTES);
			}
		}
		finally {
			for (AutoCloseable client : clients) {
				client.close();
			}
		}
	}

	private static Void write(JsonPeer peer, int sender, long seed) throws Exception {
		Random random = new Random(seed * 31 + sender);
		for (int number = 0; number < MESSAGES; number++) {
			String group = List.of("all", "a", "b").get(random.nextInt(3));
			if (number == MESSAGES - 1) {
				group = "all";
			}
			else if (random.nextInt(5) == 0) {
				String type = random.nextBoolean() ? "joinGroup" : "leaveGroup";
				peer.send("{'type':'" + type + "','group':'" + seed + (random.nextBoolean() ? "a" : "b") + "'}");
			}
			peer.send(
					"{'type':'sendToGroup','group':'" + seed + group + "','dataType':'text','data':'#" + sender + "-" + number + "-" + group
							+ "#'}");
		}
		return null;
	}

	/** Reads until the last message of each sender has come. */
	private static Callable<Void> reading(Reader reader) {
		return () -> {
			Map<Integer, Integer> last = new HashMap<>();
			int ended = 0;
			while (ended < SENDERS) {
				Matcher message = NUMBERED.matcher(reader.next().text());
				assertThat(message.find()).isTrue();
				int sender = Integer.parseInt(message.group(1));
				int number = Integer.parseInt(message.group(2));
				assertThat(number).as("after the one before, from %s", sender).isGreaterThan(last.getOrDefault(sender, -1));
				last.put(sender, number);
				ended += number == MESSAGES - 1 ? 1 : 0;
			}
			return null;
		};
	}
}
