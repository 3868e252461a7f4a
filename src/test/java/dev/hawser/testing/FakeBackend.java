package dev.hawser.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A backend of webhooks on this machine. It passes the handler check, records every event, and answers as a test has told it; until
 * then with 204.
 */
public final class FakeBackend implements AutoCloseable {
	private final BlockingQueue<Call> events = new LinkedBlockingQueue<>();
	private final BlockingQueue<Call> checks = new LinkedBlockingQueue<>();
	private final Map<String, Answer> answers = new ConcurrentHashMap<>();
	private final CountDownLatch closed = new CountDownLatch(1);
	private final int port;
	private volatile Answer check = status(200, "WebHook-Allowed-Origin", "*");
	private HttpServer server;
	private ExecutorService threads;
	private @Nullable SilentPort silence;

	/** What is done with a call. */
	@FunctionalInterface
	public interface Answer {
		void give(HttpExchange exchange, Call call) throws IOException;
	}

	/** One request, as it came. */
	public record Call(String method, URI uri, Map<String, List<String>> headers, byte[] body) {
		/** The header's value; null when it is missing; several joined by a comma. */
		public @Nullable String header(String name) {
			List<String> values = headers.entrySet().stream().filter(one -> one.getKey().equalsIgnoreCase(name)).findFirst()
					.map(Map.Entry::getValue).orElse(null);
			return values == null ? null : String.join(",", values);
		}

		public String text() {
			return new String(body, StandardCharsets.UTF_8);
		}

		/** The event's name. */
		public String event() {
			return Objects.requireNonNull(header("ce-eventName"));
		}
	}

	/** A backend on a free port, for a field of a test. */
	public static FakeBackend start() {
		try {
			return new FakeBackend();
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	public FakeBackend() throws IOException {
		listen(FreePort.find().number());
		port = server.getAddress().getPort();
	}

	private void listen(int port) throws IOException {
		threads = Executors.newVirtualThreadPerTaskExecutor();
		server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
		server.setExecutor(threads);
		server.createContext("/", this::serve);
		server.start();
	}

	private void serve(HttpExchange exchange) throws IOException {
		Call call = new Call(exchange.getRequestMethod(), exchange.getRequestURI(), Map.copyOf(exchange.getRequestHeaders()),
				exchange.getRequestBody().readAllBytes());
		if (!call.method().equals("POST")) {
			checks.add(call);
			check.give(exchange, call);
			return;
		}
		events.add(call);
		answers.getOrDefault(call.event(), status(204)).give(exchange, call);
	}

	/** The URL for the settings, in which the event is a part of the path. */
	public String url() {
		return "http://127.0.0.1:" + port + "/hook/{event}";
	}

	public int port() {
		return port;
	}

	/** From the next event of this name on. */
	public FakeBackend answer(String event, Answer answer) {
		answers.put(event, answer);
		return this;
	}

	/** From the next handler check on. */
	public FakeBackend answerCheck(Answer answer) {
		check = answer;
		return this;
	}

	/** The next event, whatever it is. */
	public Call event() throws InterruptedException {
		return next(events, "No event came within a minute");
	}

	/** The next event of this name; others before it are forgotten. */
	public Call event(String name) throws InterruptedException {
		Call call = event();
		while (!call.event().equals(name)) {
			call = event();
		}
		return call;
	}

	/** The next handler check. */
	public Call check() throws InterruptedException {
		return next(checks, "No handler check came within a minute");
	}

	/** Events that no test has taken. */
	public int untaken() {
		return events.size();
	}

	private static Call next(BlockingQueue<Call> calls, String otherwise) throws InterruptedException {
		Call call = calls.poll(60, TimeUnit.SECONDS);
		if (call == null) {
			throw new AssertionError(otherwise);
		}
		return call;
	}

	/** @param headers names and values in turn */
	public static Answer status(int status, String... headers) {
		return body(status, new byte[0], headers);
	}

	/** @param headers names and values in turn */
	public static Answer text(String body, String... headers) {
		return body(200, body.getBytes(StandardCharsets.UTF_8), with("text/plain", headers));
	}

	/** @param headers names and values in turn */
	public static Answer json(String body, String... headers) {
		return body(200, body.getBytes(StandardCharsets.UTF_8), with("application/json", headers));
	}

	private static String[] with(String type, String... headers) {
		String[] all = new String[headers.length + 2];
		all[0] = "Content-Type";
		all[1] = type;
		System.arraycopy(headers, 0, all, 2, headers.length);
		return all;
	}

	/** @param headers names and values in turn */
	public static Answer body(int status, byte[] body, String... headers) {
		return (exchange, _) -> {
			for (int i = 0; i < headers.length; i += 2) {
				exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
			}
			exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
			if (body.length > 0) {
				exchange.getResponseBody().write(body);
			}
			exchange.close();
		};
	}

	/** Answers as one and, from the second call on, as the other. */
	public static Answer first(int times, Answer one, Answer other) {
		int[] calls = new int[1];
		return (exchange, call) -> {
			int number;
			synchronized (calls) {
				number = ++calls[0];
			}
			(number <= times ? one : other).give(exchange, call);
		};
	}

	/** Takes the call and says nothing, until the test ends. */
	public Answer stall() {
		return (_, _) -> awaitEnd();
	}

	/** Answers as another does, but only after the latch. */
	public static Answer after(CountDownLatch latch, Answer then) {
		return (exchange, call) -> {
			try {
				latch.await();
			}
			catch (InterruptedException e) {
				return;
			}
			then.give(exchange, call);
		};
	}

	private void awaitEnd() {
		try {
			closed.await();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	/** Hangs up and listens no more. */
	public void die() throws IOException {
		stop();
		silence = new SilentPort(port);
	}

	/** Is there again, at the same address. */
	public void revive() throws IOException {
		Objects.requireNonNull(silence).close();
		silence = null;
		listen(port);
	}

	private void stop() {
		server.stop(0);
		threads.shutdownNow();
	}

	@Override
	public void close() throws IOException {
		closed.countDown();
		stop();
		if (silence != null) {
			silence.close();
		}
	}
}
