package dev.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Asks the operators' page as a browser would, or as no browser would. */
public final class ConsoleClient {
	/** The header by which the server knows that the page itself asks. */
	public static final String OF_PAGE = "X-Hawser-Console: idle";

	private final int port;
	private final String cookie;

	private ConsoleClient(int port, String cookie) {
		this.port = port;
		this.cookie = cookie;
	}

	/** An operator who has signed in with this key. */
	public static ConsoleClient signIn(RunningHawser server, String key) throws IOException {
		RawClient.Response answer = ask(server.operationsPort(), "POST", "/console/api/login", "{\"key\":\"" + key + "\"}", OF_PAGE);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		String cookie = Objects.requireNonNull(answer.header("Set-Cookie"));
		return new ConsoleClient(server.operationsPort(), "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
	}

	/** The same operator at another server. */
	public ConsoleClient at(RunningHawser server) {
		return new ConsoleClient(server.operationsPort(), cookie);
	}

	/** The header line that shows who asks. */
	public String cookie() {
		return cookie;
	}

	/** A request with these header lines and nothing more. */
	public static RawClient.Response ask(int port, String method, String path, String body, String... headers) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		List<String> lines = new ArrayList<>(
				List.of(method + " " + path + " HTTP/1.1", "Host: localhost:" + port, "Connection: close",
						"Content-Length: " + bytes.length));
		lines.addAll(List.of(headers));
		try (RawClient client = RawClient.connect(port)) {
			client.request(lines.toArray(String[]::new));
			return client.send(bytes).response();
		}
	}

	/** The answer to a question such as {@code live}. */
	public RawClient.Response look(String question) throws IOException {
		return ask(port, "GET", "/console/api/" + question, "", cookie, OF_PAGE);
	}

	/** The answer to a deed such as {@code ping}, with its JSON. */
	public RawClient.Response act(String deed, String json) throws IOException {
		return ask(port, "POST", "/console/api/" + deed, json, cookie, OF_PAGE);
	}

	/** Events as they happen; returns when the server has begun to look. */
	public Events events(String query) throws IOException {
		RawClient client = RawClient.connect(port).request("GET /console/api/events" + query + " HTTP/1.1", "Host: localhost",
				"Connection: close", cookie);
		Events events = new Events(client);
		events.until("retry:");
		return events;
	}

	/** A stream of events. */
	public static final class Events implements AutoCloseable {
		private static final int BUFFER = 4096;

		private final RawClient client;
		private final StringBuilder seen = new StringBuilder();

		private Events(RawClient client) {
			this.client = client;
		}

		/** All that has come, up to what contains this text, and a little more perhaps. */
		public String until(String part) throws IOException {
			byte[] buffer = new byte[BUFFER];
			Instant end = Instant.now().plus(Duration.ofMinutes(1));
			while (seen.indexOf(part) < 0) {
				int read = client.socket().getInputStream().read(buffer);
				assertThat(read).as("%s in %s", part, seen).isPositive();
				assertThat(Instant.now()).as("%s in %s", part, seen).isBefore(end);
				seen.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
			}
			return seen.toString();
		}

		/** Waits until the server ends the stream. */
		public String rest() throws IOException {
			return seen + client.rest();
		}

		@Override
		public void close() throws IOException {
			client.close();
		}
	}
}
