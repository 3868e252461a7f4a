package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.ConsoleClient;
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
		server = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY, "hawser.console.view-key=" + VIEW_KEY,
				"hawser.hubs.shop.path=/shop");
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
	void listsConnectionsOfEveryHubOrOne() throws Exception {
		String cookie = signIn(KEY);
		try (RawClient chat = server.connect(); RawClient shop = RawClient.connect(server.port()).upgrade("/shop")) {
			chat.awaitOpen();
			shop.awaitOpen();
			String list = "/console/api/connections?";
			await().untilAsserted(() -> assertThat(get(list, cookie, OF_PAGE).body()).contains("\"count\":2"));
			String id = whoIs(cookie);
			assertThat(post("/console/api/join", "{\"id\":\"" + id + "\",\"group\":\"it's\"}", cookie, OF_PAGE).status()).isEqualTo(200);
			assertThat(get(list, cookie, OF_PAGE).body()).contains(id, "\"hub\":\"default\"", "\"hub\":\"shop\"");
			assertThat(get(list + "hub=shop", cookie, OF_PAGE).body()).contains("\"hub\":\"shop\"", "\"count\":1").doesNotContain(id);
			assertThat(get(list + "group=it%27s", cookie, OF_PAGE).body()).contains(id, "\"count\":1");
			assertThat(get(list + "hub=default&group=it%27s", cookie, OF_PAGE).body()).contains(id, "\"count\":1");
			assertThat(get(list + "hub=shop&group=it%27s", cookie, OF_PAGE).body()).contains("\"count\":0");
			assertThat(get(list + "user=ann&group=it%27s", cookie, OF_PAGE).body()).as("no such user").contains("\"count\":0");
			server.bean(WebSocketServer.class).bind(Long.parseLong(id.substring(id.lastIndexOf('-') + 1)), "ann");
			assertThat(get(list + "user=ann", cookie, OF_PAGE).body()).contains(id, "\"count\":1");
			assertThat(get(list + "user=ann&group=it%27s&filter=connectionId%20ne%20%27x%27", cookie, OF_PAGE).body()).contains(id);
			assertThat(get(list + "user=ann&group=other", cookie, OF_PAGE).body()).contains("\"count\":0");
		}
	}

	@Test
	void letsTheViewKeyLook() throws Exception {
		String cookie = signIn(VIEW_KEY);
		assertThat(get("/console/api/session", cookie, OF_PAGE).body()).contains("\"right\":\"LOOK\"");
		assertThat(get("/console/api/live", cookie, OF_PAGE).body()).contains("\"hubs\":[{\"name\":\"default\"");
		assertThat(get("/console/api/live?after=x", cookie, OF_PAGE).status()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "send", "ping", "close", "join", "leave", "token", "nonsense" })
	void letsTheViewKeyDoNothing(String deed) throws Exception {
		String view = signIn(VIEW_KEY);
		try (RawClient client = server.connect().awaitOpen()) {
			String id = whoIs(view);
			String body = "{\"id\":\"" + id + "\",\"text\":\"x\",\"group\":\"g\",\"code\":4000,\"hub\":\"default\"}";
			assertThat(post("/console/api/" + deed, body, view, OF_PAGE).status()).isEqualTo(403);
			assertThat(get("/console/api/" + deed + "?id=" + id, view, OF_PAGE).status()).as("by GET").isEqualTo(404);
			assertThat(get("/console/api/connection?id=" + id, view, OF_PAGE).body()).contains("\"groups\":[]", "\"messagesOut\":0");
			client.send(RawFrame.text("still there"));
			assertThat(client.message().text()).isEqualTo("still there");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "login|null|400", "login|[]|400", "login|{|400", "login|{\"key\":{}}|401", "ping|null|400", "ping|{}|400",
					"ping|{\"id\":7}|400", "close|{\"id\":\"x\",\"code\":\"y\"}|400", "close|{\"id\":\"x\",\"code\":99999999999}|400",
					"send|{\"id\":\"x\",\"text\":\"\"}|400", "token|{\"hub\":\"no such hub\"}|400", "nonsense|{\"id\":\"x\"}|404" })
	void answersNonsenseInWords(String deed, String body, int status) throws Exception {
		RawClient.Response answer = post("/console/api/" + deed, body, signIn(KEY), OF_PAGE);
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).startsWith("{\"error\":\"");
	}

	@Test
	void readsNoLongBodyOfAStranger() throws Exception {
		assertThat(post("/console/api/login", "{\"key\":\"" + "x".repeat(9_000) + "\"}", OF_PAGE).status()).isEqualTo(413);
		signIn(KEY); // a right key counts no try of this address any more
	}

	@Test
	void endsAStreamOfEventsWithItsLogin() throws Exception {
		try (RunningHawser own = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY, "hawser.console.idle-logout=1s");
				ConsoleClient.Events events = ConsoleClient.signIn(own, KEY).events("")) {
			assertThat(events.rest()).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void endsAStreamOfEventsWhenTheServerStops() throws Exception {
		RunningHawser own = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY);
		try (ConsoleClient.Events events = ConsoleClient.signIn(own, KEY).events("")) {
			Instant begin = Instant.now();
			own.close();
			assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
			assertThat(events.rest()).startsWith("HTTP/1.1 200");
		}
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
