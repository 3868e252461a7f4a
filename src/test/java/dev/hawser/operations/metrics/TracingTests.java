package dev.hawser.operations.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.FakeCollector;
import dev.hawser.testing.FakeCollector.Span;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;

/** Traces of handshakes and callbacks, as a collector gets them. */
@ResourceLock("threads that export traces")
class TracingTests {
	private static final String PARENT = "00f067aa0ba902b7";
	private static final BlockingQueue<String> IN_SCOPE = new LinkedBlockingQueue<>();
	private static int lastTrace;
	private static FakeCollector collector;
	private static RunningHawser server;

	private final String trace = String.format(Locale.ROOT, "%032x", 0xABCDEF0000L + ++lastTrace);

	static class Callbacks {
		private static void note(String callback) {
			IN_SCOPE.add(callback + ' ' + MDC.get("traceId") + ' ' + MDC.get("spanId"));
		}

		@Bean
		OnOpen onOpen() {
			return (server, request) -> note("open");
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				note("message");
				if (frame.text().equals("throw")) {
					throw new IllegalStateException("as asked");
				}
			};
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> note("close");
		}
	}

	@BeforeAll
	static void start() throws Exception {
		collector = FakeCollector.start();
		server = RunningHawser.startSecure(Callbacks.class, collector.properties());
	}

	@AfterAll
	static void stop() {
		server.close();
		collector.close();
	}

	@BeforeEach
	void forget() {
		await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 0);
		IN_SCOPE.clear();
	}

	private String traceparent(String flags) {
		return "traceparent: 00-" + trace + '-' + PARENT + '-' + flags;
	}

	private RawClient open(String flags) throws Exception {
		RawClient client = RawClient.connect(server.port())
				.request(RawClient.handshake("/ws?access_token=" + RunningHawser.token(), traceparent(flags)));
		assertThat(client.response().status()).isEqualTo(101);
		return client;
	}

	private static void close(RawClient client) throws Exception {
		client.send(RawFrame.close(1000, ""));
		assertThat(client.message().isClose()).isTrue();
	}

	private static String inScope() throws InterruptedException {
		return IN_SCOPE.poll(20, TimeUnit.SECONDS);
	}

	private List<Span> spans(int count) {
		await().until(() -> collector.spansOf(trace).size() >= count);
		return collector.spansOf(trace);
	}

	@Test
	void makesASpanOfEachHandshakeInTheTraceOfItsClient() throws Exception {
		try (RawClient _ = open("01")) {
			Span handshake = spans(2).stream().filter(span -> span.kind() == 2).findFirst().orElseThrow();
			assertThat(handshake.name()).isEqualTo("GET /ws");
			assertThat(handshake.parent()).isEqualTo(PARENT);
			assertThat(handshake.tags()).containsAllEntriesOf(Map.of("http.request.method", "GET", "http.route", "/ws",
					"http.response.status_code", "101", "hawser.hub", "default", "hawser.outcome", "accepted", "hawser.reason", "none"));
			assertThat(collector.spans().toString()).doesNotContain("access_token", RunningHawser.token().substring(0, 30));
		}
	}

	@Test
	void runsEachCallbackInASpanBeneathTheHandshake() throws Exception {
		try (RawClient client = open("01")) {
			client.send(RawFrame.text("hello"));
			close(client);
			List<Span> spans = spans(4);
			Span handshake = spans.stream().filter(span -> span.kind() == 2).findFirst().orElseThrow();
			for (String callback : List.of("open", "message", "close")) {
				Span span = spans.stream().filter(one -> one.name().equals("hawser " + callback)).findFirst().orElseThrow();
				assertThat(span.parent()).isEqualTo(handshake.id());
				assertThat(span.failed()).isFalse();
				assertThat(inScope()).as("in the log's context").isEqualTo(callback + ' ' + trace + ' ' + span.id());
			}
		}
	}

	@Test
	void saysWhichCallbackThrew() throws Exception {
		try (RawClient client = open("01").send(RawFrame.text("throw"))) {
			assertThat(client.message().closeCode()).isEqualTo(1011);
			assertThat(spans(4).stream().filter(Span::failed).map(Span::name)).containsExactly("hawser message");
		}
	}

	@Test
	void saysWhyAHandshakeWasRefused() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws", traceparent("01")))) {
			assertThat(client.response().status()).isEqualTo(401);
			assertThat(spans(1).getFirst().tags()).containsAllEntriesOf(Map.of("http.response.status_code", "401", "hawser.hub", "default",
					"hawser.outcome", "rejected", "hawser.reason", "token-missing"));
		}
	}

	@Test
	void saysWhyAlsoThroughTheServletContainer() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request("GET /ws HTTP/1.1", "Host: localhost", traceparent("01"))) {
			assertThat(client.response().status()).isEqualTo(426);
			Span handshake = spans(1).getFirst();
			assertThat(handshake.parent()).isEqualTo(PARENT);
			assertThat(handshake.tags()).containsAllEntriesOf(
					Map.of("hawser.hub", "default", "hawser.outcome", "rejected", "hawser.reason", "no-upgrade"));
		}
	}

	@Test
	void keepsTheTraceInScopeWhenItIsNotSampled() throws Exception {
		try (RawClient client = open("00")) {
			close(client);
			assertThat(inScope()).startsWith("open " + trace);
			assertThat(inScope()).startsWith("close " + trace);
			anotherTraceHasArrived();
			assertThat(collector.spansOf(trace)).isEmpty();
		}
	}

	@Test
	void makesNoMoreThanAThousandSpansOfOneConnection() throws Exception {
		try (RawClient client = open("01")) {
			client.send(IntStream.range(0, 1200).mapToObj(_ -> RawFrame.text("again")).toArray(RawFrame[]::new));
			close(client);
			for (int call = 0; call < 1202; call++) {
				assertThat(inScope()).as("call " + call).contains(trace);
			}
			spans(1 + 1000);
			anotherTraceHasArrived();
			assertThat(collector.spansOf(trace)).hasSize(1 + 1000);
		}
	}

	/** Spans that were sent earlier have arrived earlier. */
	private static void anotherTraceHasArrived() throws Exception {
		TracingTests other = new TracingTests();
		try (RawClient _ = other.open("01")) {
			other.spans(2);
		}
	}

	@Test
	void endsAScopeWithItsCallback() throws Exception {
		try (RawClient _ = open("01"); RawClient plain = RawClient.connect(server.port())) {
			plain.request(RawClient.handshake("/ws?access_token=" + RunningHawser.token())).response();
			List<String> scopes = List.of(inScope(), inScope());
			assertThat(scopes.stream().filter(scope -> scope.contains(trace))).as("its own trace only").hasSize(1);
		}
	}
}
