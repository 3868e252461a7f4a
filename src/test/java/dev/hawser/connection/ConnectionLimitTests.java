package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ForHub;
import dev.hawser.api.Frame;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** Limits of connections, handshakes and messages. There is a hub for each limit. */
class ConnectionLimitTests {
	private static RunningHawser server;

	static class Callbacks {
		static final CountDownLatch LATE = new CountDownLatch(1);
		static final AtomicInteger WAITING = new AtomicInteger();

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}

		@Bean
		@ForHub("race")
		OnMessage onRaceMessage() {
			return (server, frame) -> {
			};
		}

		/** Delays handshakes that have already been admitted. */
		@Bean
		@ForHub("race")
		OnHandShake onHandShake() {
			return (request, response) -> {
				WAITING.incrementAndGet();
				LATE.await(30, TimeUnit.SECONDS);
				response.status(101).end();
			};
		}
	}

	@BeforeAll
	static void start() {
		String hubs = "hawser.hubs.";
		String limits = ".connection.limits.";
		server = RunningHawser.start(Callbacks.class, hubs + "two" + limits + "connections=2", hubs + "race" + limits + "connections=1",
				hubs + "user" + limits + "per-user=2", hubs + "address" + limits + "per-address=2",
				hubs + "rate" + limits + "handshakes-per-second=3", hubs + "each" + limits + "handshakes-per-address=3",
				hubs + "slow" + limits + "messages-per-second=5", hubs + "slow.connection.close-timeout=1s",
				hubs + "strict" + limits + "messages-per-second=5",
				hubs + "strict" + limits + "over-rate=close", hubs + "bytes" + limits + "bytes-per-second=2KB",
				hubs + "bytes" + limits + "over-rate=close");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void waitUntilNoClientIsConnected() {
		Awaitility.await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 0);
	}

	private static String hub(String name) {
		return "/client/hubs/" + name;
	}

	private static RawClient connect(String hub) throws Exception {
		return RawClient.connect(server.port()).upgrade(hub(hub));
	}

	private static RawClient.Response answer(String target) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake(target)).response();
		}
	}

	private static void assertRefused(RawClient.Response answer, int status, String reason) {
		assertThat(answer.status()).isEqualTo(status);
		assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.header("Connection")).isEqualTo("close");
		assertThat(JsonMapper.shared().readTree(answer.body()).path("reason").asString()).isEqualTo(reason);
		assertThat(server.bean(MeterRegistry.class).get("hawser.handshakes").tag("outcome", "rejected").tag("reason", reason)
				.counters()).anyMatch(counter -> counter.count() > 0);
	}

	private static void awaitOpen(int count) {
		Awaitility.await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == count);
	}

	@Test
	void refusesConnectionsWhenFull() throws Exception {
		try (RawClient _ = connect("two")) {
			try (RawClient _ = connect("two")) {
				awaitOpen(2);
				assertRefused(answer(hub("two")), 503, "full");
				assertThat(answer("/ws").status()).as("another hub").isEqualTo(101);
			}
			awaitOpen(1);
			assertThat(answer(hub("two")).status()).isEqualTo(101);
		}
	}

	@Test
	void keepsTheLimitWhenManyAreAdmittedAtTheSameMoment() throws Exception {
		List<RawClient> clients = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			clients.add(RawClient.connect(server.port()).request(RawClient.handshake(hub("race"))));
		}
		Awaitility.await().until(() -> Callbacks.WAITING.get() == 5);
		Callbacks.LATE.countDown();
		for (RawClient client : clients) {
			assertThat(client.response().status()).isEqualTo(101);
		}
		WebSocketServer all = server.bean(WebSocketServer.class);
		Queue<String> seen = new ConcurrentLinkedQueue<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (RawClient client : clients) {
				Future<?> _ = threads.submit(() -> {
					ReceivedFrame frame = client.message();
					seen.add(frame.isClose() ? frame.closeCode() + " " + frame.closeReason() : frame.text());
					return null;
				});
			}
			Awaitility.await().until(() -> seen.size() == 4);
			all.broadcast(Frame.text(0, "you stay"), all.connections("race"));
		}
		assertThat(seen).containsExactly("1013 full", "1013 full", "1013 full", "1013 full", "you stay");
		for (RawClient client : clients) {
			client.close();
		}
	}

	@Test
	void refusesAUserWithTooManyConnections() throws Exception {
		String target = hub("user") + "?access_token=" + RunningHawser.token();
		try (RawClient _ = RawClient.connect(server.port()).upgrade(target);
				RawClient _ = RawClient.connect(server.port()).upgrade(target)) {
			awaitOpen(2);
			assertRefused(answer(target), 429, "user-connections");
			assertThat(answer(hub("user")).status()).as("another user").isEqualTo(101);
		}
	}

	@Test
	void refusesAnAddressWithTooManyConnections() throws Exception {
		try (RawClient _ = connect("address"); RawClient _ = connect("address")) {
			awaitOpen(2);
			assertRefused(answer(hub("address")), 429, "address-connections");
			try (RawClient elsewhere = from("127.0.0.2")) {
				assertThat(elsewhere.request(RawClient.handshake(hub("address"))).response().status()).isEqualTo(101);
			}
		}
		awaitOpen(0);
		try (RawClient _ = connect("address")) {
			awaitOpen(1);
		}
	}

	private static RawClient from(String address) throws Exception {
		Socket socket = new Socket();
		socket.bind(new InetSocketAddress(address, 0));
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
		return RawClient.over(socket);
	}

	@Test
	void refusesHandshakesThatComeTooFast() throws Exception {
		RawClient.Response refused = hammer("rate", "127.0.0.1");
		assertRefused(refused, 503, "handshake-rate");
		Awaitility.await().pollInterval(Duration.ofMillis(400)).until(() -> answer(hub("rate")).status() == 101);
	}

	@Test
	void refusesAnAddressThatComesTooFast() throws Exception {
		assertRefused(hammer("each", "127.0.0.1"), 429, "address-handshake-rate");
		try (RawClient elsewhere = from("127.0.0.3")) {
			assertThat(elsewhere.request(RawClient.handshake(hub("each"))).response().status()).isEqualTo(101);
		}
	}

	/** Handshakes one after the other until one is refused. */
	private static RawClient.Response hammer(String hub, String address) throws Exception {
		for (int i = 0; i < 1000; i++) {
			try (RawClient client = from(address)) {
				RawClient.Response answer = client.request(RawClient.handshake(hub(hub))).response();
				if (answer.status() != 101) {
					return answer;
				}
			}
		}
		throw new AssertionError("a thousand handshakes, none refused");
	}

	// How fast a client may send.

	@Test
	void holdsBackAClientThatSendsTooFast() throws Exception {
		int count = 15; // at 5 a second, of which 5 may come at once
		long start = System.nanoTime();
		try (RawClient client = connect("slow")) {
			RawFrame[] many = new RawFrame[count];
			Arrays.setAll(many, i -> RawFrame.text("m" + i));
			client.send(many);
			for (int i = 0; i < count; i++) {
				assertThat(client.message().text()).isEqualTo("m" + i);
			}
			client.send(RawFrame.text("late"));
			assertThat(client.message().text()).isEqualTo("late");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
			assertThat(server.bean(MeterRegistry.class).get("hawser.over.rate").tag("hub", "slow").counter().count()).isPositive();
		}
	}

	@Test
	void closesAClientThatIsHeldBackWithoutDelay() throws Exception {
		try (RawClient client = connect("slow")) {
			RawFrame[] many = new RawFrame[500]; // a hundred seconds' worth
			Arrays.fill(many, RawFrame.text("x"));
			client.send(many);
			for (int i = 0; i < many.length; i++) {
				client.message();
			}
			WebSocketServer all = server.bean(WebSocketServer.class);
			long fd = all.connections("slow").findFirst().orElseThrow();
			all.disconnect(fd);
			assertThat(client.message().closeCode()).isEqualTo(1000);
			client.send(RawFrame.close(1000, ""));
			assertThat(client.ended()).isTrue();
			Awaitility.await().until(() -> !all.exists(fd));
		}
	}

	@Test
	void closesAClientThatSendsTooManyMessages() throws Exception {
		try (RawClient client = connect("strict")) {
			RawFrame[] many = new RawFrame[50];
			Arrays.fill(many, RawFrame.text("x"));
			client.send(many);
			ReceivedFrame frame = client.frame();
			while (!frame.isClose()) {
				frame = client.frame();
			}
			assertThat(frame.closeCode()).isEqualTo(1008);
			assertThat(frame.closeReason()).isEqualTo("rate limit");
		}
	}

	@Test
	void countsBytesOfEveryKindOfFrame() throws Exception {
		try (RawClient client = connect("bytes")) {
			RawFrame[] pings = new RawFrame[40];
			Arrays.fill(pings, RawFrame.ping(new byte[100]));
			client.send(pings);
			ReceivedFrame frame = client.frame();
			while (!frame.isClose()) {
				frame = client.frame();
			}
			assertThat(frame.closeCode()).isEqualTo(1008);
		}
	}
}
