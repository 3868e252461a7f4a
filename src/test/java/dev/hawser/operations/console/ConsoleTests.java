package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Parrot;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files and its API, as a browser and as a stranger ask for them. */
class ConsoleTests {
	private static final String KEY = "an operators' key of 32 bytes...".replace(' ', '-');
	private static final String VIEW_KEY = "a-view-key-of-32-bytes-or-more--";
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY, "hawser.console.view-key=" + VIEW_KEY);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static RawClient.Response get(String path, String... headers) throws Exception {
		return ask("GET", path, "", headers);
	}

	private static RawClient.Response post(String path, String body, String... headers) throws Exception {
		return ask("POST", path, body, headers);
	}

	private static RawClient.Response ask(String method, String path, String body, String... headers) throws Exception {
		List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost:" + server.operationsPort(),
				"Connection: close", "Content-Length: " + body.length()));
		lines.addAll(List.of(headers));
		try (RawClient client = RawClient.connect(server.operationsPort())) {
			client.request(lines.toArray(String[]::new));
			return client.send(body.getBytes(StandardCharsets.UTF_8)).response();
		}
	}

	private static final String OF_PAGE = "X-Hawser-Console: idle";

	private static String signIn(String key) throws Exception {
		RawClient.Response answer = post("/console/api/login", "{\"key\":\"" + key + "\"}", OF_PAGE);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		String cookie = Objects.requireNonNull(answer.header("Set-Cookie"));
		assertThat(cookie).contains("; Path=/console", "HttpOnly", "SameSite=Strict");
		return "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
	}

	@ParameterizedTest
	@CsvSource({ "/console/,text/html", "/console/console.js,text/javascript", "/console/console.css,text/css",
			"/console/icon.svg,image/svg+xml" })
	void showsThePageToAll(String path, String type) throws Exception {
		RawClient.Response page = get(path);
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.header("Content-Type")).startsWith(type);
		assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'; script-src 'self'")
				.contains("connect-src 'self' ws://localhost:" + server.port() + ";").doesNotContain("unsafe");
		assertThat(page.body()).doesNotContain("http://unpkg", "https://");
	}

	@Test
	void leadsToThePage() throws Exception {
		assertThat(get("/console").header("Location")).endsWith("/console/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "session", "live", "connections?hub=default", "connection?id=x", "events" })
	void showsNothingToStrangers(String question) throws Exception {
		assertThat(get("/console/api/" + question, OF_PAGE).status()).isEqualTo(401);
		assertThat(get("/console/api/" + question, OF_PAGE, "Cookie: hawser_console=ACT.99999999999999.AAAA").status()).isEqualTo(401);
		assertThat(get("/console/api/" + question, OF_PAGE, "Cookie: hawser_console=ACT..").status()).isEqualTo(401);
		assertThat(get("/console/api/" + question, OF_PAGE, "Authorization: Bearer " + VIEW_KEY).status()).isEqualTo(401);
	}

	@Test
	void isNotOnTheClientsPort() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request("GET /console/ HTTP/1.1", "Host: localhost", "Connection: close").response().status()).isEqualTo(404);
		}
	}

	@Test
	void refusesWhatAnotherSiteCouldSend() throws Exception {
		String cookie = signIn(KEY);
		try (RawClient client = server.connect()) {
			String id = whoIs(cookie);
			RawClient.Response answer = post("/console/api/close", "{\"id\":\"" + id + "\",\"code\":1000}", cookie);
			assertThat(answer.status()).isEqualTo(403);
			assertThat(client.awaitOpen()).isNotNull();
		}
	}

	private static String whoIs(String cookie) throws Exception {
		String list = get("/console/api/connections?hub=default", cookie, OF_PAGE).body();
		return list.replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
	}

	@Test
	void actsOnAConnection() throws Exception {
		String cookie = signIn(KEY);
		try (RawClient client = server.connect().awaitOpen()) {
			String id = whoIs(cookie);
			assertThat(post("/console/api/send", "{\"id\":\"" + id + "\",\"text\":\"hello\"}", cookie, OF_PAGE).body())
					.contains("\"done\":true");
			assertThat(client.message().text()).isEqualTo("hello");
			assertThat(post("/console/api/join", "{\"id\":\"" + id + "\",\"group\":\"room\"}", cookie, OF_PAGE).status()).isEqualTo(200);
			assertThat(get("/console/api/connection?id=" + id, cookie, OF_PAGE).body()).contains("\"groups\":[\"room\"]");
			assertThat(get("/console/api/connections?hub=default&group=room", cookie, OF_PAGE).body()).contains(id, "\"count\":1");
			assertThat(get("/console/api/connections?hub=default&filter=nonsense", cookie, OF_PAGE).status()).isEqualTo(400);
			assertThat(post("/console/api/ping", "{\"id\":\"" + id + "\"}", cookie, OF_PAGE).status()).isEqualTo(200);
			assertThat(client.frame().opcode()).isEqualTo(9);
			assertThat(post("/console/api/close", "{\"id\":\"" + id + "\",\"code\":1005}", cookie, OF_PAGE).status()).isEqualTo(400);
			post("/console/api/close", "{\"id\":\"" + id + "\",\"code\":4000,\"reason\":\"by hand\"}", cookie, OF_PAGE);
			assertThat(client.frame().closeCode()).isEqualTo(4000);
		}
	}

	@Test
	void letsTheViewKeyLookOnly() throws Exception {
		String cookie = signIn(VIEW_KEY);
		assertThat(get("/console/api/session", cookie, OF_PAGE).body()).contains("\"right\":\"LOOK\"");
		assertThat(get("/console/api/live", cookie, OF_PAGE).body()).contains("\"hubs\":[{\"name\":\"default\"");
		assertThat(post("/console/api/ping", "{\"id\":\"x\"}", cookie, OF_PAGE).status()).isEqualTo(403);
		assertThat(post("/console/api/token", "{}", cookie, OF_PAGE).status()).isEqualTo(403);
	}

	@Test
	void tellsEventsAsTheyHappen() throws Exception {
		String cookie = signIn(KEY);
		try (RawClient watcher = RawClient.connect(server.operationsPort())) {
			watcher.request("GET /console/api/events HTTP/1.1", "Host: localhost", cookie);
			StringBuilder seen = new StringBuilder();
			readUntil(watcher, seen, "text/event-stream");
			try (RawClient client = server.connect().awaitOpen()) {
				client.send(RawFrame.close(1000, ""));
			}
			try (RawClient stranger = RawClient.connect(server.port())) {
				stranger.request(RawClient.handshake("/ws", "Origin: http://evil.example")).response();
			}
			readUntil(watcher, seen, "\"detail\":\"origin\"");
			readUntil(watcher, seen, "\"kind\":\"close\"");
			assertThat(seen.toString()).contains("\"kind\":\"open\"", "1000 by the client", "\"kind\":\"refused\"")
					.doesNotContain("received");
		}
	}

	private static void readUntil(RawClient client, StringBuilder seen, String part) throws Exception {
		byte[] buffer = new byte[4096];
		Instant end = Instant.now().plus(Duration.ofMinutes(1));
		while (seen.indexOf(part) < 0) {
			int read = client.socket().getInputStream().read(buffer);
			assertThat(read).as(seen.toString()).isPositive();
			assertThat(Instant.now()).as("%s in %s", part, seen).isBefore(end);
			seen.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
		}
	}
}
