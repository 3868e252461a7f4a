package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.MisbehavingServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of the connections to a backend after many calls at once. */
class Http1PoolTests {
	private static final int MANY = 5;
	private static final MisbehavingServer.Answer ANSWER = MisbehavingServer.once("HTTP/1.1 204 No Content\r\n\r\n");

	private final BackendClient client = new BackendClient(new BackendClients.Way(null, false, true), new SslContextFactory.Client());
	private CountDownLatch all;
	private MisbehavingServer backend;

	@BeforeEach
	void start() throws IOException {
		all = new CountDownLatch(MANY);
		backend = new MisbehavingServer(out -> {
			all.countDown();
			all.await();
			ANSWER.give(out);
		});
	}

	@AfterEach
	void stop() throws IOException {
		client.close();
		backend.close();
	}

	private Answer call() throws Exception {
		return client.post(URI.create(backend.url()), _ -> {
		}, "text/plain", new byte[] { 1 },
				new BackendClient.Limits(new BackendClient.Pool("backend", MANY), Duration.ofMinutes(1), 1000));
	}

	private void callManyAtOnce() throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Answer>> answers = new ArrayList<>();
			for (int i = 0; i < MANY; i++) {
				answers.add(threads.submit(this::call));
			}
			for (Future<Answer> answer : answers) {
				assertThat(answer.get().status()).isEqualTo(204);
			}
		}
		assertThat(backend.open()).isEqualTo(MANY);
	}

	@Test
	void areClosedWithoutACallBetweenTwoSweeps() throws Exception {
		callManyAtOnce();
		client.closeIdle();
		assertThat(backend.open()).isEqualTo(MANY);
		client.closeIdle();
		await().until(() -> backend.open() == 0);
		assertThat(call().status()).isEqualTo(204);
	}

	@Test
	void stayWithACallBetweenTwoSweeps() throws Exception {
		callManyAtOnce();
		client.closeIdle();
		assertThat(call().status()).isEqualTo(204);
		client.closeIdle();
		await().until(() -> backend.open() == 1);
		assertThat(call().status()).isEqualTo(204);
		assertThat(backend.open()).isEqualTo(1);
	}
}
