package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Frame;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

/** What liveness says of the threads that all connections depend on. */
@ReadsLog
class LivenessTests {

	/** Declared as one that never waits, and waits. */
	static class Waiting {
		private final Semaphore released = new Semaphore(0);

		@Bean
		@NonBlocking
		OnMessage onMessage() {
			return new Waits(this);
		}

		void release() {
			released.release();
		}

		private record Waits(Waiting owner) implements OnMessage {
			@Override
			public void onMessage(WebSocketServer server, Frame frame) throws InterruptedException {
				assertThat(owner.released.tryAcquire(5, TimeUnit.MINUTES)).isTrue();
				server.push(frame.fd(), frame);
			}
		}
	}

	private static int liveness(RunningHawser server) throws Exception {
		try (RawClient client = RawClient.connect(server.operationsPort())) {
			return client.request("GET /actuator/health/liveness HTTP/1.1", "Host: localhost", "Connection: close").response().status();
		}
	}

	@Test
	void saysNoWhileACallbackHoldsUpASelector(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.start(Waiting.class, "hawser.operations.stand-still=500ms");
				RawClient client = server.connect()) {
			await().until(() -> liveness(server) == 200);
			holdUp(server, client, () -> await().until(() -> liveness(server) == 503));
			await().until(() -> liveness(server) == 200); // the watch has seen the thread now
			holdUp(server, client,
					() -> await().untilAsserted(() -> assertThat(log.getAll()).contains("of port " + server.port() + " has stood still",
							"at " + Waiting.class.getName() + "$Waits.onMessage")));
			await().until(() -> liveness(server) == 200);
		}
	}

	private static void holdUp(RunningHawser server, RawClient client, Runnable meanwhile) throws Exception {
		client.send(RawFrame.text("hello"));
		try {
			meanwhile.run();
		}
		finally {
			server.bean(Waiting.class).release();
		}
		assertThat(client.message().text()).isEqualTo("hello");
	}

	@Test
	void looksAtEverySelectorAndAtTheWheel() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class)) {
			expectAnswers(server);
		}
	}

	@Test
	void looksAtTheSelectorsOfTlsToo() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, CertificateChain.make().serverProperties())) {
			expectAnswers(server);
		}
	}

	private static void expectAnswers(RunningHawser server) throws Exception {
		EngineThreads engine = server.bean(EngineThreads.class);
		assertThat(engine.all()).containsKeys("the timer wheel", "selector 0 of port " + server.port());
		for (Executor thread : engine.all().values()) {
			CompletableFuture<Thread> answer = new CompletableFuture<>();
			thread.execute(() -> answer.complete(Thread.currentThread()));
			assertThat(answer.get(1, TimeUnit.MINUTES)).isNotSameAs(Thread.currentThread());
		}
	}
}
