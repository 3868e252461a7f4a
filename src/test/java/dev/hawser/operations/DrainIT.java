package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to the packaged server while it has five thousand clients, some of which are talking. */
class DrainIT {
	private static final int CLIENTS = 5_000;
	private static final int TALKING = 50;
	private static final Duration WINDOW = Duration.ofSeconds(20);

	/** Echoes, and writes a line for every OnClose into the file that the environment names. */
	private static final String LEDGER = """
			package com.example.ledger;

			import dev.hawser.api.OnClose;
			import dev.hawser.api.OnMessage;
			import java.nio.file.Files;
			import java.nio.file.Path;
			import java.nio.file.StandardOpenOption;
			import org.springframework.context.annotation.Bean;
			import org.springframework.context.annotation.Configuration;

			@Configuration(proxyBeanMethods = false)
			class Ledger {
				private static final Path FILE = Path.of(System.getenv("LEDGER"));

				@Bean
				OnMessage onMessage() {
					return (server, frame) -> server.push(frame.fd(), frame);
				}

				@Bean
				OnClose onClose() {
					return (server, fd, status, initiator) -> Files.writeString(FILE, fd + " " + status.getCode() + " " + initiator + "\\n",
							StandardOpenOption.CREATE, StandardOpenOption.APPEND);
				}
			}
			""";

	@TempDir
	private Path temp;

	private final Collection<String> ends = new ConcurrentLinkedQueue<>();
	private final Collection<Long> closedAt = new ConcurrentLinkedQueue<>();
	private final CountDownLatch connected = new CountDownLatch(CLIENTS);
	private final CountDownLatch firstClosed = new CountDownLatch(1);
	private final CountDownLatch looked = new CountDownLatch(1);

	private HawserJar start() throws Exception {
		new CallbackJarBuilder(temp.resolve("classes")).compile(Map.of("com/example/ledger/Ledger", LEDGER)).jar(temp.resolve("ledger.jar"),
				"com/example/ledger");
		return HawserJar.start(HawserJar.JAR, temp,
				Map.of("LOADER_PATH", temp.resolve("ledger.jar").toString(), "LEDGER", temp.resolve("ledger").toString()),
				"hawser.handshake.token.required=false", "hawser.connection.ping-interval=0", "hawser.connection.close-timeout=60s",
				"hawser.drain.window=" + WINDOW.toSeconds() + "s", "hawser.drain.timeout=60s");
	}

	@Test
	@Timeout(300)
	void emptiesItselfOverTheWindow() throws Exception {
		try (HawserJar hawser = start(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> clients = new ArrayList<>();
			for (RawClient client : connect(hawser.url().getPort())) {
				boolean talking = clients.size() < TALKING;
				clients.add(threads.submit(() -> live(client, talking)));
			}
			connected.await();
			hawser.program().terminate();

			firstClosed.await();
			assertThat(hawser.operations("/actuator/health/readiness").status()).isEqualTo(503);
			assertThat(hawser.operations("/actuator/health/liveness").status()).isEqualTo(200);
			expectNoRoom(hawser.url());
			looked.countDown();

			for (Future<?> client : clients) {
				client.get();
			}
			assertThat(hawser.program().exitCode()).isZero();
			assertThat(hawser.program().output()).contains(CLIENTS + " connections closed in good order, 0 dropped");
			assertThat(ends).hasSize(CLIENTS).containsOnly("1012 service restart");
			assertThat(Files.readAllLines(temp.resolve("ledger"))).as("OnClose, once each").hasSize(CLIENTS).doesNotHaveDuplicates()
					.allMatch(line -> line.endsWith(" 1012 SERVER"));
			expectSpread();
		}
	}

	private static List<RawClient> connect(int port) throws Exception {
		List<Future<RawClient>> connecting = new ArrayList<>();
		List<RawClient> clients = new ArrayList<>();
		try (ExecutorService few = Executors.newFixedThreadPool(8)) {
			for (int i = 0; i < CLIENTS; i++) {
				connecting.add(few.submit(() -> RawClient.connect(port).upgrade("/ws")));
			}
			for (Future<RawClient> client : connecting) {
				clients.add(client.get());
			}
		}
		return clients;
	}

	/** A client that answers the close frame, but only after the test has looked at the server, so that the server cannot stop before. */
	private Void live(RawClient client, boolean talking) {
		try (client) {
			client.socket().setSoTimeout((int) Duration.ofMinutes(2).toMillis());
			try {
				client.awaitOpen();
			}
			finally {
				connected.countDown();
			}
			ReceivedFrame frame;
			do {
				if (talking) {
					client.send(RawFrame.text("hello"));
				}
				frame = client.message();
			}
			while (!frame.isClose());
			closedAt.add(System.nanoTime());
			firstClosed.countDown();
			looked.await(1, TimeUnit.MINUTES);
			client.send(RawFrame.close(frame.closeCode(), ""));
			while (client.socket().getInputStream().read() != -1) { // a reset throws
				// until the server hangs up
			}
			ends.add(frame.closeCode() + " " + frame.closeReason());
		}
		catch (Exception e) {
			ends.add(e.toString());
		}
		return null;
	}

	private static void expectNoRoom(URI url) throws Exception {
		try (RawClient newcomer = RawClient.connect(url.getPort()).request(RawClient.handshake("/ws"))) {
			RawClient.Response response = newcomer.response();
			assertThat(response.status()).isEqualTo(503);
			assertThat(response.header("Retry-After")).isEqualTo("1");
			assertThat(response.body()).contains("\"reason\":\"stopping\"");
		}
	}

	/** The limits are loose, since the machine may be busy. */
	private void expectSpread() {
		long[] times = closedAt.stream().mapToLong(Long::longValue).sorted().toArray();
		assertThat(times[CLIENTS - 1] - times[0]).as("from the first to the last").isGreaterThan(WINDOW.toNanos() / 6);
		for (int i = 0; i < CLIENTS / 2; i++) {
			assertThat(times[i + CLIENTS / 2] - times[i]).as("the time of half of them").isGreaterThan(WINDOW.toNanos() / 20);
		}
	}
}
