package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Echo;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Together;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * How long a client may take to send a request's head. All other timeouts are off or long, so only the deadline can act. A client
 * that must stay connected waits until a later one has been disconnected.
 */
@Timeout(300)
class RequestDeadlineTests {
	private static final Duration PATIENCE = Duration.ofSeconds(45);
	/** The time between two bytes: far less than the idle timeout. */
	private static final int PACE_MILLIS = 20;

	private static RunningHawser server;
	private static RunningHawser secure;
	private static CertificateChain certificates;

	/** Answers a request when it is told to. */
	@RestController
	static class Page {
		private final Semaphore entered = new Semaphore(0);
		private final Semaphore leave = new Semaphore(0);

		@GetMapping("/quick")
		String quick() {
			return "here";
		}

		@PostMapping("/slow")
		String slow(@RequestBody String text) throws InterruptedException {
			entered.release();
			return leave.tryAcquire(5, TimeUnit.MINUTES) ? text : "no client came";
		}
	}

	static class Callbacks {
		@Bean
		Page page() {
			return new Page();
		}
	}

	@BeforeAll
	static void start() throws Exception {
		certificates = CertificateChain.make();
		server = RunningHawser.start(Callbacks.class, "hawser.request.timeout=3s", "hawser.connection.ping-interval=0s",
				"server.jetty.connection-idle-timeout=5m");
		secure = RunningHawser.start(Echo.class, certificates.serverProperties("hawser.request.timeout=3s",
				"hawser.connection.ping-interval=0s", "server.jetty.connection-idle-timeout=5m"));
	}

	@AfterAll
	static void stop() {
		secure.close();
		server.close();
	}

	@Test
	void hangsUpOnSilentClientsOfTheOperationsToo() throws Exception {
		try (RawClient silent = RawClient.connect(server.operationsPort()); RawClient slow = RawClient.connect(server.operationsPort())) {
			slow.send(latin1("GET /actuator/health HTTP/1.1\r\nHo"));
			assertThat(silent.ended()).isTrue();
			assertThat(slow.ended()).isTrue();
		}
	}

	private static byte[] latin1(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n";
	}

	/** Sends a beginning at once, and nothing more, until the server hangs up without an answer. */
	private static void assertCutOff(RawClient client, String begun) {
		assertCutOff(client, begun, new byte[0]);
	}

	/** Sends a beginning at once, and then single bytes slowly, the last one again and again, until the server closes the connection. */
	private static void assertCutOff(RawClient client, String begun, byte[] dribble) {
		try (client) {
			client.send(latin1(begun));
			client.socket().setSoTimeout(PACE_MILLIS);
			Instant end = Instant.now().plus(PATIENCE);
			for (int i = 0; !hungUp(client); i++) {
				assertThat(Instant.now()).as("still not hung up on").isBefore(end);
				if (dribble.length > 0) {
					client.send(new byte[] { dribble[Math.min(i, dribble.length - 1)] });
				}
			}
		}
		catch (IOException e) {
			// the server reset the connection meanwhile
		}
	}

	/** Whether the server closed the connection without an answer, except for an alert of TLS. */
	private static boolean hungUp(RawClient client) {
		try {
			assertThat(client.ended() || client.socket().getPort() == secure.port()).as("no answer").isTrue();
			return client.ended();
		}
		catch (SocketTimeoutException e) {
			return false;
		}
		catch (IOException e) {
			return true; // a reset
		}
	}

	/** Waits for longer than the deadline of every client that has connected or begun before. */
	private static void outliveADeadline() throws Exception {
		assertCutOff(RawClient.connect(server.port()), get("/ws"));
	}

	/** One of many clients. They run at the same time, because each has to wait for its deadline. */
	private record Row(String label, Together.Task client) {
		static void runAll(List<Row> rows) throws Exception {
			Together.run(rows.size(), i -> {
				try {
					rows.get(i).client.run(i);
				}
				catch (Exception | AssertionError e) {
					throw new AssertionError(rows.get(i).label, e);
				}
			});
		}
	}

	private static RawClient client() throws IOException {
		return RawClient.connect(server.port());
	}

	private static RawClient tlsClient() throws Exception {
		return inTime(() -> {
			SSLSocket socket = (SSLSocket) certificates.trusting().getSocketFactory().createSocket("localhost", secure.port());
			socket.startHandshake();
			return RawClient.over(socket);
		});
	}

	/**
	 * Repeats a step that was not done before the deadline: then the machine was slow, and the server was right to close the connection.
	 */
	private static <T> T inTime(Callable<T> beginning) throws Exception {
		for (int attempt = 1;; attempt++) {
			long start = System.nanoTime();
			try {
				return beginning.call();
			}
			catch (IOException | ExecutionException e) {
				if (attempt == 5 || System.nanoTime() - start < TimeUnit.SECONDS.toNanos(3)) {
					throw e;
				}
			}
		}
	}

	// Connections that the deadline closes.

	@Test
	void closesAConnectionWhoseRequestTakesTooLong() throws Exception {
		byte[] head = latin1(get("/ws") + "X-Dribble: x");
		byte[] tlsHello = { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3, 0 };
		Row.runAll(List.of(
				new Row("nothing", _ -> assertCutOff(client(), "")),
				new Row("a head that dribbles", _ -> assertCutOff(client(), "", head)),
				new Row("a head that stops", _ -> assertCutOff(client(), get("/ws"))),
				new Row("a request line that dribbles", _ -> assertCutOff(client(), "", latin1("GET /x"))),
				new Row("empty lines", _ -> assertCutOff(client(), "", latin1("\r\n\n"))),
				new Row("a second request that dribbles", _ -> assertCutOff(askedTwice(), "", head)),
				new Row("a second request that stops", _ -> assertCutOff(askedTwice(), "GET /")),
				new Row("half of HTTP/2's preface", _ -> assertCutOff(client(), "PRI * HTTP/2.0")),
				new Row("a quarter less", _ -> assertCutOff(client(), "PRI * HTTP/2.0\r\n\r\n")),
				new Row("all but its end", _ -> assertCutOff(client(), "PRI * HTTP/2.0\r\n\r\nSM\r\n")),
				new Row("nothing where TLS is spoken", _ -> assertCutOff(RawClient.connect(secure.port()), "")),
				new Row("a TLS handshake that dribbles", _ -> assertCutOff(RawClient.connect(secure.port()), "", tlsHello)),
				new Row("nothing within TLS", _ -> assertCutOff(tlsClient(), "")),
				new Row("a head that dribbles within TLS", _ -> assertCutOff(tlsClient(), "", head))));
	}

	private static RawClient askedTwice() throws Exception {
		return inTime(() -> {
			RawClient client = client();
			for (int i = 0; i < 2; i++) {
				assertThat(client.send(latin1(get("/quick") + "\r\n")).response().status()).isEqualTo(200);
			}
			return client;
		});
	}

	// Connections that the deadline leaves alone.

	@Test
	void leavesAConnectionWithAWholeRequestAlone() throws Exception {
		Row.runAll(List.of(
				new Row("a WebSocket", _ -> livesOn(inTime(() -> client().upgrade("/ws")))),
				new Row("a WebSocket in TLS", _ -> livesOn(inTime(() -> tlsClient().upgrade("/ws")))),
				new Row("HTTP/2", _ -> livesOn(inTime(() -> http2(Http2Client.connect(server.port()))))),
				new Row("HTTP/2 in TLS", _ -> livesOn(inTime(() -> http2(Http2Client.connect(secure.port(), certificates.trustStore()))))),
				new Row("a kept-alive connection", _ -> keepsAlive()),
				new Row("a request under way", _ -> letsARequestTakeItsTime())));
	}

	private static void livesOn(RawClient client) throws Exception {
		try (client) {
			outliveADeadline();
			assertThat(client.send(RawFrame.text("alive")).message().text()).isEqualTo("alive");
		}
	}

	private static Http2Client http2(Http2Client client) throws Exception {
		client.settings();
		return client;
	}

	/** First without a stream, then with a WebSocket. */
	private static void livesOn(Http2Client client) throws Exception {
		try (client) {
			outliveADeadline();
			Http2Stream socket = client.webSocket("/ws");
			outliveADeadline();
			assertThat(socket.send(RawFrame.text("alive")).frame().text()).isEqualTo("alive");
		}
	}

	private static void keepsAlive() throws Exception {
		try (RawClient client = askedTwice()) {
			outliveADeadline();
			assertThat(client.send(latin1(get("/quick") + "\r\n")).response().status()).isEqualTo(200);
		}
	}

	private static void letsARequestTakeItsTime() throws Exception {
		Page page = server.bean(Page.class);
		try (RawClient client = inTime(
				() -> client().send(latin1("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe")))) {
			outliveADeadline(); // with half of the body there
			client.send(latin1("llo"));
			assertThat(page.entered.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
			outliveADeadline(); // while it is being handled
			page.leave.release();
			assertThat(client.response().body()).isEqualTo("hello");
		}
	}
}
