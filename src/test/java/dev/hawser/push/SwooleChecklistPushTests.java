package dev.hawser.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.ScriptedCallbacks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the server pushes, as Swoole's own WebSocket tests ask for it; see {@link SwooleChecklistTests}. */
@Isolated("measures the heap")
class SwooleChecklistPushTests {
	private static RunningHawser hawser;
	private static ScriptedCallbacks callbacks;
	private static WebSocketServer server;

	@BeforeAll
	static void start() {
		hawser = RunningHawser.start(ScriptedCallbacks.class, "hawser.connection.close-timeout=10m");
		callbacks = hawser.bean(ScriptedCallbacks.class);
		server = hawser.bean(WebSocketServer.class);
	}

	@AfterAll
	static void stop() {
		hawser.close();
	}

	@BeforeEach
	void forget() {
		callbacks.reset();
	}

	@Test
	@DisplayName("15 greeter: two pushes for each message arrive in order")
	void keepsPushesInOrder() throws Exception {
		callbacks.onMessage((server, frame) -> {
			server.push(frame.fd(), "hello " + frame.text());
			server.push(frame.fd(), "how are you, " + frame.text() + "?");
		});
		try (RawClient client = hawser.connect()) {
			for (String name : List.of("ann", "bo", "cy")) {
				client.send(RawFrame.text(name));
				assertThat(client.message().text()).isEqualTo("hello " + name);
				assertThat(client.message().text()).isEqualTo("how are you, " + name + "?");
			}
		}
	}

	@Test
	@DisplayName("19 memory: broadcasts of 100 KB leave nothing behind")
	void keepsMemoryBounded() throws Exception {
		byte[] news = new byte[100 * 1024];
		int rounds = 100;
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			clients.add(hawser.connect());
		}
		long[] fds = clients.stream().mapToLong(_ -> fdOfNext()).toArray();
		long before = heap();
		for (int round = 0; round < rounds; round++) {
			for (long fd : fds) {
				assertThat(server.push(fd, news.clone()).accepted()).isTrue();
			}
			for (RawClient client : clients) {
				assertThat(client.message().payload()).hasSize(news.length);
			}
		}
		for (long fd : fds) {
			assertThat(server.connectionInfo(fd).orElseThrow().queuedBytes()).isZero();
		}
		assertThat(heap() - before).as("growth of the heap after 100 MB of broadcasts").isLessThan(40L * 1024 * 1024);
		for (RawClient client : clients) {
			client.close();
		}
	}

	private static long fdOfNext() {
		try {
			return callbacks.opened().fd();
		}
		catch (InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	private static long heap() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	@Test
	@DisplayName("32 send_encode: many texts and binaries pushed from OnOpen all arrive")
	void sendsManyFramesFromOnOpen() throws Exception {
		List<byte[]> sent = new ArrayList<>();
		Random random = new Random(32);
		for (int i = 0; i < 300; i++) {
			byte[] data = new byte[random.nextInt(2048)];
			Arrays.fill(data, (byte) ('a' + i % 26));
			sent.add(data);
		}
		callbacks.onOpen((server, request) -> {
			for (int i = 0; i < sent.size(); i++) {
				server.push(request.fd(), sent.get(i), i % 2 == 0 ? Opcode.TEXT : Opcode.BINARY, true);
			}
		});
		try (RawClient client = hawser.connect()) {
			for (int i = 0; i < sent.size(); i++) {
				ReceivedFrame frame = client.message();
				assertThat(frame.opcode()).isEqualTo(i % 2 == 0 ? 1 : 2);
				assertThat(frame.payload()).as("frame %d", i).isEqualTo(sent.get(i));
			}
		}
	}

	@Test
	@DisplayName("33 send_encode_async, different: no push waits for a slow client, it gets what was accepted and then 1013")
	void closesAClientThatDoesNotRead() throws Exception {
		try (RawClient client = hawser.connect()) {
			long fd = callbacks.opened().fd();
			int accepted = 0;
			SendResult last = server.push(fd, new byte[64 * 1024]);
			while (last.accepted() && accepted < 2000) {
				accepted++;
				last = server.push(fd, new byte[64 * 1024]);
			}
			assertThat(last).isInstanceOf(SendResult.Overflowed.class);
			for (int i = 0; i < accepted; i++) {
				assertThat(client.message().payload()).hasSize(64 * 1024);
			}
			assertThat(client.message().closeCode()).isEqualTo(1013);
			assertThat(callbacks.closed(fd).status().getCode()).isEqualTo(1013);
		}
	}
}
