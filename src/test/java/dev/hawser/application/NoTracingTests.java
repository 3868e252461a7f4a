package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import io.micrometer.tracing.Tracer;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Without an endpoint for traces, the server has no code that makes traces. */
@ResourceLock("threads that export traces")
class NoTracingTests {
	private static RunningHawser server;

	static class NoCallbacks {
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(NoCallbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void hasNoTracer() {
		assertThat(server.context().getBeanProvider(Tracer.class).stream()).isEmpty();
		assertThat(server.context().getBeanDefinitionNames()).noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("otel")
				|| name.toLowerCase(Locale.ROOT).contains("opentelemetry"));
	}

	@Test
	void hasNoThreadThatExports() {
		await("those of other tests are gone").untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.extracting(Thread::getName).noneMatch(name -> name.contains("SpanProcessor")));
	}

	@Test
	void surroundsNoCallback() throws Exception {
		try (RawClient _ = server.connect()) {
			assertThat(server.bean(Hubs.class).get(Hub.DEFAULT).observer().context()).isNull();
		}
	}

	@Test
	void keepsNoRoomForTracesInTheLog() {
		assertThat(server.context().getEnvironment().getProperty("logging.expect-correlation-id", Boolean.class, false)).isFalse();
	}
}
