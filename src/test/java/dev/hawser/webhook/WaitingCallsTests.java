package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many connections at once that wait for a backend. The figures of ten thousand are in docs/webhooks.md. */
class WaitingCallsTests {
	private static final int MESSAGES = 3;
	/** The other tests of this JVM begin and end threads meanwhile. */
	private static final int THREADS_OF_OTHERS = 100;

	private final CountDownLatch release = new CountDownLatch(1);
	private final AtomicInteger underWay = new AtomicInteger();
	/** The messages that have come, by the connection's id. */
	private final Map<String, Queue<String>> heard = new ConcurrentHashMap<>();
	private final Map<String, AtomicInteger> atOnce = new ConcurrentHashMap<>();
	private final Queue<String> concurrent = new ConcurrentLinkedQueue<>();
	private final List<RawClient> clients = new ArrayList<>();
	private Server backend;

	/** Answers over HTTP/1.1 and HTTP/2, the messages of the hub {@code default} after {@link #release}. */
	@BeforeEach
	void start() throws Exception {
		QueuedThreadPool threads = new QueuedThreadPool();
		threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
		backend = new Server(threads);
		HttpConfiguration settings = new HttpConfiguration();
		ServerConnector connector = new ServerConnector(backend, new HttpConnectionFactory(settings),
				new HTTP2CServerConnectionFactory(settings));
		connector.setHost("127.0.0.1");
		backend.addConnector(connector);
		backend.setHandler(new Handler.Abstract() {
			@Override
			public boolean handle(Request request, Response response, Callback callback) throws Exception {
				String connection = Objects.requireNonNull(request.getHeaders().get("ce-connectionId"));
				String message = Content.Source.asString(request);
				if (atOnce.computeIfAbsent(connection, _ -> new AtomicInteger()).incrementAndGet() > 1) {
					concurrent.add(connection);
				}
				heard.computeIfAbsent(connection, _ -> new ConcurrentLinkedQueue<>()).add(message);
				underWay.incrementAndGet();
				if ("default".equals(request.getHeaders().get("ce-hub"))) {
					release.await();
				}
				atOnce.get(connection).decrementAndGet();
				response.getHeaders().put("Content-Type", "text/plain");
				Content.Sink.write(response, true, message, callback);
				return true;
			}
		});
		backend.start();
	}

	@AfterEach
	void stop() throws Exception {
		release.countDown();
		for (RawClient client : clients) {
			client.close();
		}
		backend.stop();
	}

	private List<String> entry(String hub, String... properties) {
		String entry = "hawser.hubs." + hub + ".webhooks[0].";
		int port = ((ServerConnector) backend.getConnectors()[0]).getLocalPort();
		List<String> all = new ArrayList<>(List.of(entry + "url=http://127.0.0.1:" + port + "/{event}", entry + "events=message",
				entry + "handler-check=false", entry + "timeout=2m", entry + "max-wait=2m"));
		for (String property : properties) {
			all.add(entry + property);
		}
		return all;
	}

	@ParameterizedTest
	@CsvSource({ "true, 1000", "false, 300" })
	void takeNoThreadsAndAreAnsweredInOrder(boolean http2, int connections) throws Exception {
		List<String> settings = entry("default", "http2=" + http2);
		settings.add("hawser.connection.limits.per-user=0");
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, settings.toArray(String[]::new))) {
			for (int i = 0; i < connections; i++) {
				clients.add(server.connect());
			}
			int before = ManagementFactory.getThreadMXBean().getThreadCount();
			for (RawClient client : clients) {
				for (int message = 1; message <= MESSAGES; message++) {
					client.send(RawFrame.text(Integer.toString(message)));
				}
			}
			await().until(() -> underWay.get() == connections);
			assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).as("platform threads")
					.isLessThan(before + THREADS_OF_OTHERS);
			release.countDown();
			for (RawClient client : clients) {
				for (int message = 1; message <= MESSAGES; message++) {
					assertThat(client.message().text()).isEqualTo(Integer.toString(message));
				}
			}
			assertThat(heard.values()).hasSize(connections).allSatisfy(each -> assertThat(each).containsExactly("1", "2", "3"));
			assertThat(concurrent).as("connections with two calls at once").isEmpty();
		}
	}

	/** More calls than may be under way wait, and then the other hub's are made and answered as ever. */
	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void doNotHoldUpAnotherHub(boolean http2, boolean othersHttp2) throws Exception {
		List<String> settings = entry("default", "http2=" + http2, "max-calls=100");
		settings.addAll(entry("other", "http2=" + othersHttp2));
		settings.add("hawser.connection.limits.per-user=0");
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, settings.toArray(String[]::new))) {
			for (int i = 0; i < 200; i++) {
				clients.add(server.connect().send(RawFrame.text("1")));
			}
			await().until(() -> underWay.get() == 100);
			for (int i = 0; i < 20; i++) {
				try (RawClient other = RawClient.connect(server.port()).upgrade("/client/hubs/other")) {
					for (int message = 1; message <= 20; message++) {
						assertThat(other.send(RawFrame.text("x" + message)).message().text()).isEqualTo("x" + message);
					}
				}
			}
			release.countDown();
			for (RawClient client : clients) {
				assertThat(client.message().text()).isEqualTo("1");
			}
		}
	}
}
