package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.CloseInitiator;
import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import dev.hawser.operations.Drain.Progress;
import dev.hawser.operations.Drain.State;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Witness;
import dev.hawser.testing.Witness.Ending;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that an operator takes out of service and back. */
class DrainTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Witness.Callbacks.class, "hawser.operations.key=" + OperatorAccessContract.KEY,
				"hawser.connection.close-timeout=10m");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void waitUntilNoClientIsConnected() {
		await().until(() -> server.bean(Connections.class).size() == 0);
	}

	@AfterEach
	void takeBack() {
		server.bean(Drain.class).end();
	}

	private static Response ask(String method, String path) throws Exception {
		try (RawClient client = RawClient.connect(server.operationsPort()).request(method + " " + path + " HTTP/1.1",
				"Host: localhost", "Content-Length: 0", "Authorization: Bearer " + OperatorAccessContract.KEY)) {
			return client.response();
		}
	}

	private static Response handshake() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws"))) {
			return client.response();
		}
	}

	private static int readiness() throws Exception {
		return ask("GET", "/actuator/health/readiness").status();
	}

	@Test
	void isOutOfServiceUntilItIsTakenBack() throws Exception {
		assertThat(ask("GET", "/actuator/drain").body()).contains("\"state\":\"SERVING\"");
		try (RawClient client = server.connect()) {
			long fd = Witness.fd(client);
			assertThat(ask("POST", "/actuator/drain").body()).contains("\"atStart\":1", "\"since\":\"");

			assertThat(client.message().closeCode()).isEqualTo(1012);
			assertThat(readiness()).isEqualTo(503);
			assertThat(ask("GET", "/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(ask("GET", "/actuator/drain").body()).contains("\"state\":\"DRAINING\"", "\"open\":1");
			Response newcomer = handshake();
			assertThat(newcomer.status()).isEqualTo(503);
			assertThat(newcomer.header("Retry-After")).isEqualTo("1");
			assertThat(newcomer.body()).contains("\"reason\":\"stopping\"");

			client.send(RawFrame.close(1012, ""));
			assertThat(client.ended()).isTrue();
			assertThat(server.bean(Witness.class).ended(fd)).isEqualTo(new Ending(1012, "service restart", CloseInitiator.SERVER));
		}
		await().until(() -> ask("GET", "/actuator/drain").body().contains("\"state\":\"DRAINED\""));
		assertThat(ask("POST", "/actuator/drain").body()).as("once is enough").contains("\"atStart\":1");

		assertThat(ask("DELETE", "/actuator/drain").body()).contains("\"state\":\"SERVING\"");
		assertThat(readiness()).isEqualTo(200);
		try (RawClient back = server.connect()) {
			assertThat(back.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
			assertThat(ask("DELETE", "/actuator/drain").status()).as("nothing to end").isEqualTo(200);
			assertThat(back.send(RawFrame.text("still")).message().text()).isEqualTo("still");
		}
	}

	private static Drain drain(Connections connections, Duration delay, Duration window) {
		return new Drain(connections, server.context(), new DrainSettings(delay, window, Duration.ofSeconds(10)));
	}

	/** Has a delay of a day, so that the test can look at the server meanwhile. */
	@Test
	void isNotReadyBeforeItRefusesClients() throws Exception {
		Drain drain = drain(server.bean(Connections.class), Duration.ofDays(1), Duration.ZERO);
		try (RawClient client = server.connect()) {
			drain.begin();
			assertThat(readiness()).isEqualTo(503);
			assertThat(drain.turnsAway()).isFalse();
			assertThat(drain.progress()).extracting(Progress::state, Progress::open).containsExactly(State.DRAINING, 1);
			assertThat(client.send(RawFrame.text("open")).message().text()).isEqualTo("open");
			assertThat(drain.end()).isTrue();
			assertThat(readiness()).isEqualTo(200);
			assertThat(drain.progress().state()).isEqualTo(State.SERVING);
		}
	}

	@Test
	void canBeDrainedAgain() throws Exception {
		for (int i = 0; i < 2; i++) {
			try (RawClient client = server.connect()) {
				ask("POST", "/actuator/drain");
				assertThat(client.message().closeCode()).isEqualTo(1012);
				ask("DELETE", "/actuator/drain");
			}
		}
	}

	@Test
	void closesAConnectionBehindTheAnswersToWhatItHasSent() throws Exception {
		CountDownLatch blocked = server.bean(Witness.class).block();
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("block"), RawFrame.text("waits"));
			await().until(() -> server.bean(Witness.class).messages().contains("block"));
			new PacedClose().run(server.bean(Connections.class), CloseReasons.SHUTDOWN, Duration.ZERO);
			blocked.countDown();
			assertThat(client.message().text()).isEqualTo("unblocked");
			assertThat(client.message().text()).isEqualTo("waits");
			assertThat(client.message().closeCode()).isEqualTo(1012);
			client.send(RawFrame.close(1012, ""));
		}
	}

	@Test
	void isNotTakenBackWhenItStops() throws Exception {
		try (Connections none = new Connections("none", Thread::startVirtualThread)) {
			Drain drain = drain(none, Duration.ZERO, Duration.ofDays(1));
			CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
				try {
					drain.finish();
				}
				catch (InterruptedException e) {
					throw new IllegalStateException(e);
				}
			});
			stop.get(60, TimeUnit.SECONDS);
			assertThat(drain.end()).isFalse();
			assertThat(drain.turnsAway()).isTrue();
			assertThat(new DrainEndpoint(drain).end().getStatus()).isEqualTo(409);
			assertThat(drain.progress().state()).isEqualTo(State.DRAINED);
		}
		finally {
			server.bean(Drain.class).begin(); // so that taking back sets readiness
		}
	}
}
