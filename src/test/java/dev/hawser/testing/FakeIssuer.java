package dev.hawser.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of tokens on this machine: its key server and its introspection endpoint, with every fault that they can have. It
 * begins well, with no keys and with no token that is active.
 */
public final class FakeIssuer implements AutoCloseable {
	private static final String KEYS = "/keys";
	private static final String INTROSPECTION = "/introspect";
	private static final String CONFIGURATION = "/.well-known/openid-configuration";

	private final List<String> requests = new CopyOnWriteArrayList<>();
	private final CountDownLatch closed = new CountDownLatch(1);
	private final int port;
	private HttpServer server;
	private ExecutorService threads;
	/** Holds the port while no server listens. */
	private @Nullable SilentPort silence;
	private volatile Answer keys = body("{\"keys\":[]}");
	private volatile Answer configuration;
	private volatile Answer introspection = body("{\"active\":false}");

	/** Handles a request. */
	@FunctionalInterface
	public interface Answer {
		void give(HttpExchange exchange) throws IOException;
	}

	public FakeIssuer() throws IOException {
		listen(FreePort.find().number());
		port = server.getAddress().getPort();
		configuration = body("{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + keysUrl() + "\"}");
	}

	private void listen(int port) throws IOException {
		threads = Executors.newVirtualThreadPerTaskExecutor();
		server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
		server.setExecutor(threads);
		server.createContext("/", exchange -> {
			requests.add(exchange.getRequestURI().toString());
			switch (exchange.getRequestURI().getPath()) {
				case KEYS -> keys.give(exchange);
				case CONFIGURATION -> configuration.give(exchange);
				case INTROSPECTION -> introspection.give(exchange);
				default -> body("{}").give(exchange);
			}
		});
		server.start();
	}

	/** Its name, which its tokens have in {@code iss}. */
	public String url() {
		return "http://127.0.0.1:" + port;
	}

	public String keysUrl() {
		return url() + KEYS;
	}

	/** Publishes these, each a {@link SigningKey#jwk}, and nothing else. */
	public FakeIssuer publish(String... jwks) {
		return answerKeys(body("{\"keys\":[" + String.join(",", jwks) + "]}"));
	}

	public FakeIssuer answerKeys(Answer answer) {
		keys = answer;
		return this;
	}

	public FakeIssuer answerConfiguration(Answer answer) {
		configuration = answer;
		return this;
	}

	public String introspectionUrl() {
		return url() + INTROSPECTION;
	}

	public FakeIssuer answerIntrospection(Answer answer) {
		introspection = answer;
		return this;
	}

	/** How often it has been asked about a token. */
	public int introspections() {
		return (int) requests.stream().filter(INTROSPECTION::equals).count();
	}

	/** How often the keys have been asked for. */
	public int fetches() {
		return (int) requests.stream().filter(KEYS::equals).count();
	}

	/** Everything that was asked for, with the query. */
	public List<String> requests() {
		return requests;
	}

	/** Closes all connections and listens no more. */
	public void die() throws IOException {
		stop();
		silence = new SilentPort(port);
	}

	private void stop() {
		server.stop(0);
		threads.shutdownNow();
	}

	/** Listens again at the same address. */
	public void revive() throws IOException {
		Objects.requireNonNull(silence).close();
		listen(port);
	}

	public static Answer body(String body) {
		return status(200, body);
	}

	public static Answer status(int status, String body) {
		return exchange -> {
			byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
			exchange.getResponseBody().write(bytes);
			exchange.close();
		};
	}

	/** Redirects a client. */
	public static Answer redirect(String location) {
		return exchange -> {
			exchange.getResponseHeaders().set("Location", location);
			status(302, "").give(exchange);
		};
	}

	/** Takes the request and does not answer. */
	public Answer stall() {
		return _ -> awaitEnd();
	}

	/** Begins an answer and sends nothing more. */
	public Answer stallInBody() {
		return exchange -> {
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("{\"keys\":[".getBytes(StandardCharsets.UTF_8));
			exchange.getResponseBody().flush();
			awaitEnd();
		};
	}

	/** Writes as long as the client reads. */
	public static Answer endless() {
		return exchange -> {
			exchange.sendResponseHeaders(200, 0);
			byte[] spaces = " ".repeat(8192).getBytes(StandardCharsets.UTF_8);
			while (true) {
				exchange.getResponseBody().write(spaces); // ends with an IOException when the client hangs up
			}
		};
	}

	/** Gives the same answer as another handler, but only after the latch is released. */
	public static Answer after(CountDownLatch latch, Answer then) {
		return exchange -> {
			try {
				latch.await();
			}
			catch (InterruptedException e) {
				return;
			}
			then.give(exchange);
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

	@Override
	public void close() throws IOException {
		closed.countDown();
		stop();
		if (silence != null) {
			silence.close();
		}
	}
}
