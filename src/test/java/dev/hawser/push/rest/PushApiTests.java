package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.push.rest.ApiCaller.Answered;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** Every operation of the push API over HTTP, and what the clients then receive. */
class PushApiTests {
	private static final BlockingQueue<Long> OPENED = new LinkedBlockingQueue<>();
	private static final String HUB = "/hubs/Chat";
	private static RunningHawser running;
	private static WebSocketServer server;
	private static ApiCaller api;

	private final List<Peer> peers = new ArrayList<>();

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (_, request) -> OPENED.add(request.fd());
		}

		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}
	}

	record Peer(RawClient client, long fd, String id) {
	}

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Callbacks.class, "hawser.hubs.chat.path=/chat", "hawser.hubs.other.path=/other",
				"hawser.push.keys[0].secret=" + PushTokens.KEY, "hawser.connection.close-timeout=10m", "hawser.connection.ping-interval=0",
				"hawser.push.public-url=https://push.example.com/base/", "hawser.public-url=https://chat.example.com",
				"hawser.push.most-in-batch=5");
		server = running.bean(WebSocketServer.class);
		api = new ApiCaller(running.operationsPort(), PushTokens.KEY);
	}

	@AfterAll
	static void stop() {
		api.close();
		running.close();
	}

	@AfterEach
	void leaveNobody() throws Exception {
		for (Peer peer : peers) {
			peer.client().close();
		}
		await().until(() -> server.connections().count() == 0);
	}

	private Peer connect(@Nullable String user, String... groups) throws Exception {
		return connectTo("/chat", user, groups);
	}

	private Peer connectTo(String path, @Nullable String user, String... groups) throws Exception {
		OPENED.clear();
		RawClient client = RawClient.connect(running.port()).upgrade(path);
		Long fd = OPENED.poll(60, TimeUnit.SECONDS);
		assertThat(fd).isNotNull();
		if (user != null) {
			server.bind(fd, user);
		}
		for (String group : groups) {
			server.join(fd, group);
		}
		Peer peer = new Peer(client, fd, server.connectionInfo(fd).orElseThrow().connectionId());
		peers.add(peer);
		return peer;
	}

	private static void expectText(Peer peer, String text) throws Exception {
		ReceivedFrame message = peer.client().message();
		assertThat(message.opcode()).isEqualTo(1);
		assertThat(message.text()).isEqualTo(text);
	}

	private static void expectNothing(Peer peer) throws Exception {
		server.push(peer.fd(), "nothing before this");
		expectText(peer, "nothing before this");
	}

	private static void expectSent(Answered answer, String delivery) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
		assertThat(answer.header("Hawser-Delivery")).isEqualTo(delivery);
		assertThat(answer.body()).isEmpty();
	}

	private static void expectError(Answered answer, int status, String code, @Nullable String target) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		assertThat(answer.header("x-ms-error-code")).isEqualTo(code);
		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
		assertThat(answer.code()).isEqualTo(code);
		assertThat(answer.target()).isEqualTo(target == null ? "" : target);
		assertThat(answer.json().path("message").asString()).endsWith(".");
		assertThat(answer.json().path("details").isArray()).isTrue();
	}

	// Sending

	@Test
	void sendsTextJsonAndBytesToAConnection() throws Exception {
		Peer one = connect(null);
		Peer other = connect(null);
		String path = HUB + "/connections/" + one.id() + "/:send?api-version=2024-12-01";
		expectSent(api.text(path, "h\u00e9llo \u20ac \ud83d\ude00"), "delivered; connections=1");
		expectText(one, "h\u00e9llo \u20ac \ud83d\ude00");
		expectSent(api.json("POST", path, " {\"a\" : 1.10}\n"), "delivered; connections=1");
		expectText(one, " {\"a\" : 1.10}\n");
		expectSent(api.typed("POST", path, "application/octet-stream", new byte[] { 0, -1, 65 }), "delivered; connections=1");
		ReceivedFrame bytes = one.client().message();
		assertThat(bytes.opcode()).isEqualTo(2);
		assertThat(bytes.payload()).containsExactly(0, 0xFF, 65);
		expectSent(api.typed("POST", path, "text/plain", new byte[0]), "delivered; connections=1");
		expectText(one, "");
		expectNothing(other);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "application/json|1", "APPLICATION/JSON;Charset=\"utf-8\"|[]", "application/json; charset=UTF-8|\"x\"",
					"text/plain; charset=us-ascii|x", "text/plain;charset=utf-8; format=flowed|y" })
	void takesContentTypesInEverySpelling(String type, String body) throws Exception {
		Peer one = connect(null);
		expectSent(api.typed("POST", HUB + "/:send", type, body.getBytes(StandardCharsets.UTF_8)), "delivered; connections=1");
		expectText(one, body);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "application/xml", "text/plain; charset=iso-8859-1", "application/json; charset=utf-16",
			"text/plain; charset=nonsense", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "*/*", "text/*",
			"nonsense",
			"application/problem+json" })
	void refusesOtherContentTypes(String type) throws Exception {
		Peer one = connect(null);
		expectError(api.typed("POST", HUB + "/:send", type, "1".getBytes(StandardCharsets.UTF_8)), 415, "UnsupportedMediaType",
				"Content-Type");
		expectError(api.call("POST", HUB + "/:send", new byte[] { 49 }), 415, "UnsupportedMediaType", "Content-Type");
		expectNothing(one);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{\"a\":}|6", "[1,2|5", "{\"a\":1} x|9", "nul|4", "'a'|1", "01|2", "1 2|0", "NaN|3", "''|0" },
			quoteCharacter = '#')
	void refusesABodyThatIsNoJson(String body, int position) throws Exception {
		Peer one = connect(null);
		Answered answer = api.json("POST", HUB + "/:send", body.equals("''") ? "" : body);
		expectError(answer, 400, "InvalidParameter", "body");
		if (position > 0) {
			assertThat(answer.json().path("message").asString()).contains("no JSON (RFC 8259) at character ");
		}
		expectNothing(one);
	}

	@Test
	void refusesTextThatIsNotUtf8() throws Exception {
		Peer one = connect(null);
		for (String type : List.of("text/plain", "application/json")) {
			expectError(api.typed("POST", HUB + "/:send", type, new byte[] { '"', (byte) 0xC3, '"' }), 400, "InvalidBody", "body");
		}
		// UTF-16 and UTF-32, which JSON must not have
		expectError(api.typed("POST", HUB + "/:send", "application/json", "{}".getBytes(StandardCharsets.UTF_16LE)), 400,
				"InvalidParameter", "body");
		expectError(api.typed("POST", HUB + "/:send", "application/json", "\ufeff{}".getBytes(StandardCharsets.UTF_8)), 400,
				"InvalidParameter", "body");
		expectNothing(one);
	}

	@Test
	void sendsToUsersGroupsAndAll() throws Exception {
		Peer ann = connect("ann", "news");
		Peer bob = connect("bob", "news", "sport");
		Peer elsewhere = connectTo("/other", "ann", "news");
		expectSent(api.text(HUB + "/users/ann/:send", "user"), "delivered; connections=1");
		expectText(ann, "user");
		expectSent(api.text(HUB + "/groups/news/:send", "group"), "delivered; connections=2");
		expectText(ann, "group");
		expectText(bob, "group");
		expectSent(api.text(HUB + "/:send", "all"), "delivered; connections=2");
		expectText(ann, "all");
		expectText(bob, "all");
		expectSent(api.text(HUB + "/:send?excluded=" + ann.id() + "&excluded=nobody", "not ann"), "delivered; connections=1");
		expectText(bob, "not ann");
		expectSent(api.text(HUB + "/groups/news/:send?excluded=" + bob.id() + "&excluded=" + ann.id(), "none"), "nobody");
		expectSent(api.text(HUB + "/:send?filter='sport'%20in%20groups", "filtered"), "delivered; connections=1");
		expectText(bob, "filtered");
		expectSent(api.text(HUB + "/groups/news/:send?filter=userId+ne+'bob'", "plus"), "delivered; connections=1");
		expectText(ann, "plus");
		expectSent(api.text(HUB + "/users/ann/:send?filter=userId%20eq%20null", "none"), "nobody");
		expectNothing(ann);
		expectNothing(bob);
		expectNothing(elsewhere);
	}

	@Test
	void answers202ForUnknownReceivers() throws Exception {
		Peer elsewhere = connectTo("/other", "ann");
		expectSent(api.text(HUB + "/connections/nobody-1/:send", "x"), "nobody");
		expectSent(api.text(HUB + "/connections/" + elsewhere.id() + "/:send", "x"), "nobody");
		expectSent(api.text(HUB + "/users/ann/:send", "x"), "nobody");
		expectSent(api.text(HUB + "/groups/none/:send", "x"), "nobody");
		expectSent(api.text(HUB + "/:send", "x"), "nobody");
		expectNothing(elsewhere);
	}

	@ParameterizedTest
	@ValueSource(strings = { "u 1/x", "a%b", "../..", "\u00fc\u20ac\ud83d\ude00", "a?b#c&d=e", "a;b", "a+b", "a\\b", ":send", "%2F", "'",
			"\"", "...", ".x", "%2E" })
	void takesNamesWithAnyCharacter(String name) throws Exception {
		Peer one = connect(name, name);
		String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
		expectSent(api.text(HUB + "/users/" + encoded + "/:send", "user"), "delivered; connections=1");
		expectText(one, "user");
		expectSent(api.text(HUB + "/groups/" + encoded + "/:send", "group"), "delivered; connections=1");
		expectText(one, "group");
		assertThat(api.call("HEAD", HUB + "/users/" + encoded).status()).isEqualTo(200);
		assertThat(api.call("HEAD", HUB + "/groups/" + encoded).status()).isEqualTo(200);
		assertThat(api.call("DELETE", HUB + "/users/" + encoded + "/groups/" + encoded).status()).isEqualTo(204);
		assertThat(api.call("HEAD", HUB + "/groups/" + encoded).status()).isEqualTo(404);
		assertThat(api.call("PUT", HUB + "/groups/" + encoded + "/connections/" + one.id()).status()).isEqualTo(200);
		JsonNode members = api.call("GET", HUB + "/groups/" + encoded + "/connections").json().path("value");
		assertThat(members.get(0).path("userId").asString()).isEqualTo(name);
	}

	@Test
	void knowsHubsWithoutCase() throws Exception {
		Peer one = connect(null);
		expectSent(api.text("/hubs/CHAT/:send", "x"), "delivered; connections=1");
		expectText(one, "x");
		expectError(api.text("/hubs/nowhere/:send", "x"), 404, "HubNotFound", "hub");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "messageTtlSeconds=-1|messageTtlSeconds", "messageTtlSeconds=301|messageTtlSeconds",
			"messageTtlSeconds=x|messageTtlSeconds", "messageTtlSeconds=1.5|messageTtlSeconds",
			"messageTtlSeconds=1&messageTtlSeconds=2|messageTtlSeconds", "messageTtlSeconds=99999999999|messageTtlSeconds",
			"api-version=2019-01-01|api-version", "filter=userId%20eq|filter", "filter=userId%20eq%20%27|filter", "filter=groups|filter",
			"x=%zz|query", "filter=%ff|query", "x=%2|query", "excludde=a|excludde", "filtr=|filtr", "reason=x|reason" })
	void refusesBadParametersBeforeAnythingIsSent(String query, String target) throws Exception {
		Peer one = connect("ann", "news");
		String code = switch (target) {
			case "filter" -> "InvalidFilter";
			case "api-version" -> "UnsupportedApiVersion";
			case "query" -> "BadRequest";
			default -> "InvalidParameter";
		};
		if (query.contains("%z") || query.endsWith("%2")) { // the client would not send it
			assertThat(ApiDoorTests.ask(running.operationsPort(), "POST", "/api" + HUB + "/:send?" + query,
					PushTokens.header("http://localhost:" + running.operationsPort() + "/api" + HUB + "/:send"), "Content-Type: text/plain",
					"Content-Length: 0").status()).isEqualTo(400);
			return;
		}
		expectError(api.text(HUB + "/:send?" + query, "x"), 400, code, target);
		expectError(api.text(HUB + "/groups/news/:send?" + query, "x"), 400, code, target);
		expectError(api.text(HUB + "/users/ann/:send?" + query, "x"), 400, code, target);
		expectNothing(one);
	}

	@Test
	void saysWhereAFilterIsWrong() throws Exception {
		Answered answer = api.text(HUB + "/:send?filter=userId%20eq%205", "x");
		assertThat(answer.json().path("message").asString())
				.isEqualTo("The filter is wrong at character 8: text cannot be compared with an integer.");
	}

	@Test
	void takesATimeToLive() throws Exception {
		Peer one = connect(null);
		expectSent(api.text(HUB + "/:send?messageTtlSeconds=0", "a"), "delivered; connections=1");
		expectSent(api.text(HUB + "/:send?messageTtlSeconds=300&api-version=2024-01-01", "b"), "delivered; connections=1");
		expectText(one, "a");
		expectText(one, "b");
	}

	@Test
	void refusesMetadataThatIsTooLong() throws Exception {
		Peer one = connect(null);
		expectSent(api.text(HUB + "/:send", "x", "X-WebPubSub-Metadata-Trace", "1"), "delivered; connections=1");
		expectText(one, "x");
		expectError(api.text(HUB + "/:send", "x", "X-WebPubSub-Metadata-Trace", "1".repeat(1025)), 400, "InvalidParameter",
				"X-WebPubSub-Metadata");
		expectError(api.text(HUB + "/:send", "x", "X-WebPubSub-Metadata-", "1"), 400, "InvalidParameter", "X-WebPubSub-Metadata");
		expectError(api.text(HUB + "/:send", "x", "X-WebPubSub-Metadata-A", "1", "x-webpubsub-metadata-a", "1"), 400, "BadRequest",
				"X-WebPubSub-Metadata-A");
		expectNothing(one);
	}

	@Test
	void saysThatAMessageWasRefused() throws Exception {
		Peer one = connect("ann");
		server.disconnect(one.fd());
		expectSent(api.text(HUB + "/users/ann/:send", "x"), "refused; connections=0; refused=1");
		Peer two = connect("ann");
		expectSent(api.text(HUB + "/users/ann/:send", "x"), "partial; connections=1; refused=1");
		expectText(two, "x");
	}

	// Closing

	@Test
	void closesConnections() throws Exception {
		Peer one = connect(null);
		Peer two = connect("ann");
		Peer three = connect("bob", "news");
		Peer four = connect("cid");
		Peer five = connect("dan");
		Answered closed = api.call("DELETE", HUB + "/connections/" + one.id() + "?reason=bye%20bye&api-version=2024-12-01");
		assertThat(closed.status()).isEqualTo(204);
		assertThat(closed.header("Hawser-Delivery")).isEqualTo("delivered; connections=1");
		ReceivedFrame end = one.client().message();
		assertThat(end.closeCode()).isEqualTo(1000);
		assertThat(end.text()).endsWith("bye bye");
		assertThat(api.call("POST", HUB + "/users/ann/:closeConnections?code=4001&reason=x").status()).isEqualTo(204);
		assertThat(two.client().message().closeCode()).isEqualTo(4001);
		assertThat(api.call("POST", HUB + "/groups/news/:closeConnections").status()).isEqualTo(204);
		assertThat(three.client().message().closeCode()).isEqualTo(1000);
		assertThat(api.call("POST", HUB + "/:closeConnections?excluded=" + four.id()).status()).isEqualTo(204);
		assertThat(five.client().message().closeCode()).isEqualTo(1000);
		expectNothing(four);
		assertThat(api.call("DELETE", HUB + "/connections/nobody").header("Hawser-Delivery")).isEqualTo("nobody");
	}

	@ParameterizedTest
	@CsvSource({ "code=1005,code", "code=999,code", "code=5000,code", "code=x,code", "code=1006,code", "LONG,reason" })
	void refusesCodesAndReasonsThatCannotBeSent(String query, String target) throws Exception {
		Peer one = connect(null);
		String asked = query.equals("LONG") ? "reason=" + "x".repeat(124) : query;
		expectError(api.call("DELETE", HUB + "/connections/" + one.id() + "?" + asked), 400, "InvalidParameter", target);
		expectError(api.call("POST", HUB + "/:closeConnections?" + asked), 400, "InvalidParameter", target);
		expectNothing(one);
	}

	// Reading

	@Test
	void tellsWhetherTheyExist() throws Exception {
		Peer one = connect("ann", "news");
		Peer elsewhere = connectTo("/other", "bob", "sport");
		for (String there : List.of("/connections/" + one.id(), "/users/ann", "/groups/news")) {
			assertThat(api.call("HEAD", HUB + there + "?api-version=2024-12-01").status()).isEqualTo(200);
		}
		for (String not : List.of("/connections/" + elsewhere.id(), "/users/bob", "/groups/sport", "/connections/x")) {
			Answered answer = api.call("HEAD", HUB + not);
			assertThat(answer.status()).isEqualTo(404);
		}
	}

	@Test
	void listsAGroupInPages() throws Exception {
		Set<String> ids = new TreeSet<>();
		for (int i = 0; i < 5; i++) {
			ids.add(connect(i == 0 ? null : "user " + i, "all").id());
		}
		Set<String> found = new TreeSet<>();
		String path = HUB + "/groups/all/connections?maxpagesize=2&api-version=2024-12-01";
		int pages = 0;
		while (path != null) {
			JsonNode page = api.call("GET", path).json();
			page.path("value").forEach(member -> {
				found.add(member.path("connectionId").asString());
				assertThat(member.has("userId")).isEqualTo(member.path("userId").asString().startsWith("user"));
			});
			String next = page.path("nextLink").asString();
			assertThat(next).matches(
					link -> link.isEmpty() || link.startsWith("https://push.example.com/base/api/hubs/Chat/groups/all/connections?"));
			path = next.isEmpty() ? null : next.substring("https://push.example.com/base/api".length());
			pages++;
		}
		assertThat(found).isEqualTo(ids);
		assertThat(pages).isEqualTo(3);
		JsonNode top = api.call("GET", HUB + "/groups/all/connections?top=3&maxpagesize=2").json();
		assertThat(top.path("value")).hasSize(2);
		JsonNode rest = api.call("GET", top.path("nextLink").asString().substring("https://push.example.com/base/api".length())).json();
		assertThat(rest.path("value")).hasSize(1);
		assertThat(rest.has("nextLink")).isFalse();
		assertThat(api.call("GET", HUB + "/groups/none/connections").body()).isEqualTo("{\"value\":[]}");
	}

	@ParameterizedTest
	@CsvSource({ "maxpagesize=0,maxpagesize", "maxpagesize=201,maxpagesize", "maxpagesize=x,maxpagesize", "top=0,top", "top=-1,top",
			"continuationToken=x,continuationToken" })
	void refusesPagesOfOtherSizes(String query, String target) throws Exception {
		expectError(api.call("GET", HUB + "/groups/all/connections?" + query), 400, "InvalidParameter", target);
		expectError(api.call("GET", HUB + "/hawser/connections?" + query), 400, "InvalidParameter", target);
	}

	@Test
	void listsCountsAndShowsConnections() throws Exception {
		Peer ann = connect("ann", "news");
		Peer bob = connect("bob");
		connectTo("/other", "ann");
		JsonNode all = api.call("GET", HUB + "/hawser/connections").json().path("value");
		assertThat(all).hasSize(2);
		assertThat(api.call("GET", HUB + "/hawser/connections?userId=bob").json().path("value").get(0).path("connectionId").asString())
				.isEqualTo(bob.id());
		assertThat(api.call("GET", HUB + "/hawser/connections?filter=userId%20eq%20'ann'").json().path("value")).hasSize(1);
		assertThat(api.call("GET", HUB + "/hawser/count").body()).isEqualTo("{\"count\":2}");
		assertThat(api.call("GET", HUB + "/hawser/count?group=news").body()).isEqualTo("{\"count\":1}");
		assertThat(api.call("GET", HUB + "/hawser/count?userId=ann&filter=userId%20eq%20null").body()).isEqualTo("{\"count\":0}");
		expectError(api.call("GET", HUB + "/hawser/count?userId=ann&group=x"), 400, "InvalidParameter", "group");
		String first = api.call("GET", HUB + "/hawser/connections?maxpagesize=1&filter=userId%20ne%20null").json().path("nextLink")
				.asString();
		assertThat(first).contains("maxpagesize=1", "filter=userId%20ne%20null", "continuationToken=");
		JsonNode one = api.call("GET", HUB + "/hawser/connections/" + ann.id()).json();
		assertThat(one.path("connectionId").asString()).isEqualTo(ann.id());
		assertThat(one.path("userId").asString()).isEqualTo("ann");
		assertThat(one.path("hub").asString()).isEqualTo("chat");
		assertThat(one.path("address").asString()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
		assertThat(one.path("groups").get(0).asString()).isEqualTo("news");
		assertThat(one.path("connectedAt").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
		assertThat(one.path("traffic").path("messagesIn").asInt()).isZero();
		expectError(api.call("GET", HUB + "/hawser/connections/nobody"), 404, "ConnectionNotFound", "connectionId");
	}

	// Membership and permissions

	@Test
	void changesGroups() throws Exception {
		Peer one = connect("ann");
		Peer two = connect("ann");
		assertThat(api.call("PUT", HUB + "/groups/a/connections/" + one.id()).status()).isEqualTo(200);
		assertThat(api.call("PUT", HUB + "/groups/a/connections/" + one.id()).status()).isEqualTo(200);
		assertThat(server.groups(one.fd())).containsExactly("a");
		assertThat(api.call("DELETE", HUB + "/groups/a/connections/" + one.id()).status()).isEqualTo(204);
		assertThat(api.call("DELETE", HUB + "/groups/a/connections/" + one.id()).status()).isEqualTo(204);
		assertThat(server.groups(one.fd())).isEmpty();
		Answered joined = api.call("PUT", HUB + "/users/ann/groups/b");
		assertThat(joined.status()).isEqualTo(200);
		assertThat(joined.header("Hawser-Delivery")).isEqualTo("delivered; connections=2");
		assertThat(server.groups(two.fd())).containsExactly("b");
		assertThat(api.call("DELETE", HUB + "/users/ann/groups/b").status()).isEqualTo(204);
		assertThat(server.groups(two.fd())).isEmpty();
		server.join(one.fd(), "c");
		server.join(one.fd(), "d");
		server.join(two.fd(), "c");
		assertThat(api.call("DELETE", HUB + "/connections/" + one.id() + "/groups").status()).isEqualTo(204);
		assertThat(server.groups(one.fd())).isEmpty();
		assertThat(api.call("DELETE", HUB + "/users/ann/groups").status()).isEqualTo(204);
		assertThat(server.groups(two.fd())).isEmpty();
	}

	@Test
	void saysThatNobodyIsThereToJoin() throws Exception {
		Peer elsewhere = connectTo("/other", "ann");
		expectError(api.call("PUT", HUB + "/users/ann/groups/b"), 404, "UserNotFound", "userId");
		expectError(api.call("PUT", HUB + "/groups/b/connections/" + elsewhere.id()), 404, "ConnectionNotFound", "connectionId");
		expectError(api.call("DELETE", HUB + "/groups/b/connections/nobody"), 404, "ConnectionNotFound", "connectionId");
		assertThat(api.call("DELETE", HUB + "/users/ann/groups/b").status()).isEqualTo(204);
		assertThat(api.call("DELETE", HUB + "/users/ann/groups").status()).isEqualTo(204);
		assertThat(api.call("DELETE", HUB + "/connections/nobody/groups").status()).isEqualTo(204);
		assertThat(server.groups(elsewhere.fd())).isEmpty();
	}

	/** A connection that has no room for all groups joins none, and so is said to be refused. */
	@Test
	void addsToAllGroupsOrToNone() throws Exception {
		Peer full = connect("ann");
		for (int i = 0; i < WebSocketServer.MAX_GROUPS - 1; i++) {
			server.join(full.fd(), "g" + i);
		}
		Answered refused = api.json("POST", HUB + "/:addToGroups", "{\"groups\":[\"a\",\"g1\",\"b\"]}");
		assertThat(refused.header("Hawser-Delivery")).isEqualTo("refused; connections=0; refused=1");
		assertThat(server.groups(full.fd())).hasSize(WebSocketServer.MAX_GROUPS - 1).doesNotContain("a", "b");
		Answered added = api.json("POST", HUB + "/:addToGroups", "{\"groups\":[\"a\",\"g1\",\"a\"]}");
		assertThat(added.header("Hawser-Delivery")).isEqualTo("delivered; connections=1");
		assertThat(server.groups(full.fd())).hasSize(WebSocketServer.MAX_GROUPS).contains("a");
	}

	@Test
	void boundsGroups() throws Exception {
		Peer one = connect("ann");
		for (int i = 0; i < WebSocketServer.MAX_GROUPS; i++) {
			server.join(one.fd(), "g" + i);
		}
		expectError(api.call("PUT", HUB + "/groups/more/connections/" + one.id()), 409, "TooManyGroups", "group");
		assertThat(api.call("PUT", HUB + "/groups/g1/connections/" + one.id()).status()).isEqualTo(200);
		String longest = "g".repeat(WebSocketServer.MAX_GROUP_NAME);
		assertThat(api.call("HEAD", HUB + "/groups/" + longest).status()).isEqualTo(404);
		for (String verb : List.of("/:send", "/connections")) {
			expectError(api.call(verb.equals("/:send") ? "POST" : "GET", HUB + "/groups/" + longest + "g" + verb), 400, "InvalidParameter",
					"group");
		}
		expectError(api.call("PUT", HUB + "/groups/%20/connections/" + one.id()), 400, "InvalidParameter", "group");
	}

	@Test
	void changesTheGroupsOfMany() throws Exception {
		Peer ann = connect("ann");
		Peer bob = connect("bob");
		Answered added = api.json("POST", HUB + "/:addToGroups?api-version=2024-12-01",
				"{\"groups\":[\"a\",\"b\"],\"filter\":\"userId eq 'ann'\"}");
		assertThat(added.status()).isEqualTo(200);
		assertThat(added.header("Hawser-Delivery")).isEqualTo("delivered; connections=1");
		assertThat(server.groups(ann.fd())).containsExactly("a", "b");
		assertThat(server.groups(bob.fd())).isEmpty();
		assertThat(api.json("POST", HUB + "/:addToGroups", "{\"groups\":[\"c\"]}").status()).isEqualTo(200);
		assertThat(server.groups(bob.fd())).containsExactly("c");
		assertThat(api.json("POST", HUB + "/:removeFromGroups", "{\"groups\":[\"c\",\"a\",\"x\"],\"filter\":null}").status())
				.isEqualTo(200);
		assertThat(server.groups(ann.fd())).containsExactly("b");
		assertThat(server.groups(bob.fd())).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '#', value = { "{}|InvalidBody|groups", "{\"groups\":[]}|InvalidBody|groups",
			"{\"groups\":\"a\"}|InvalidBody|groups", "{\"groups\":[1]}|InvalidBody|groups", "{\"groups\":[\"\"]}|InvalidParameter|groups",
			"{\"groups\":[\" \"]}|InvalidParameter|groups", "{\"groups\":[\"a\"],\"filter\":5}|InvalidBody|filter",
			"{\"groups\":[\"a\"],\"filter\":\"x\"}|InvalidFilter|filter", "[]|InvalidBody|body", "{\"groups\":[\"a\"]|InvalidBody|body",
			"null|InvalidBody|body", "{\"groups\":[\"a\"]} x|InvalidBody|body", "{\"groups\":[\"..\"]}|InvalidParameter|groups",
			"{\"groups\":[\"a\\u0000\"]}|InvalidParameter|groups", "{\"groups\":[\"a\\ud800\"]}|InvalidBody|body",
			"{\"groups\":[\"a\"],\"filtr\":\"userId eq 'ann'\"}|InvalidBody|filtr",
			"{\"groups\":[\"a\"],\"Filter\":\"userId eq 'ann'\"}|InvalidBody|Filter",
			"{\"groups\":[\"a\"],\"x\\n\":1}|InvalidBody|body" })
	void refusesBadChangesOfMany(String body, String code, String target) throws Exception {
		Peer one = connect("ann");
		expectError(api.json("POST", HUB + "/:addToGroups", body), 400, code, target);
		expectError(api.json("POST", HUB + "/:removeFromGroups", body), 400, code, target);
		expectError(api.text(HUB + "/:addToGroups", "{\"groups\":[\"a\"]}"), 415, "UnsupportedMediaType", "Content-Type");
		assertThat(server.groups(one.fd())).isEmpty();
	}

	@Test
	void grantsAndRevokesPermissions() throws Exception {
		Peer one = connect(null);
		String path = HUB + "/permissions/sendToGroup/connections/" + one.id();
		assertThat(api.call("HEAD", path + "?targetName=a").status()).isEqualTo(404);
		assertThat(api.call("PUT", path + "?targetName=a&api-version=2024-12-01").status()).isEqualTo(200);
		assertThat(api.call("HEAD", path + "?targetName=a").status()).isEqualTo(200);
		assertThat(api.call("HEAD", path).status()).isEqualTo(404);
		assertThat(server.roles(one.fd())).containsExactly("webpubsub.sendToGroup.a");
		assertThat(api.call("DELETE", path + "?targetName=a").status()).isEqualTo(204);
		assertThat(api.call("HEAD", path + "?targetName=a").status()).isEqualTo(404);
		assertThat(api.call("PUT", HUB + "/permissions/joinLeaveGroup/connections/" + one.id()).status()).isEqualTo(200);
		assertThat(server.roles(one.fd())).containsExactly("webpubsub.joinLeaveGroup");
		expectError(api.call("PUT", HUB + "/permissions/everything/connections/" + one.id()), 400, "InvalidParameter", "permission");
		expectError(api.call("PUT", HUB + "/permissions/sendToGroup/connections/nobody"), 404, "ConnectionNotFound", "connectionId");
		assertThat(api.call("HEAD", HUB + "/permissions/sendToGroup/connections/nobody").status()).isEqualTo(404);
	}

	@Test
	void makesATokenWithWhichAClientConnects() throws Exception {
		Answered answer = api.call("POST", HUB
				+ "/:generateToken?userId=ann%201&role=webpubsub.sendToGroup&role=webpubsub.joinLeaveGroup.a&group=news&group=x%2Fy&minutesToExpire=5");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		Peer one = connectTo("/client/hubs/chat?access_token=" + answer.json().path("token").asString(), null);
		assertThat(server.connectionInfo(one.fd()).orElseThrow().userId()).isEqualTo("ann 1");
		assertThat(server.groups(one.fd())).containsExactly("news", "x/y");
		assertThat(server.roles(one.fd())).containsExactlyInAnyOrder("webpubsub.sendToGroup", "webpubsub.joinLeaveGroup.a");
		Peer guest = connectTo(
				"/client/hubs/chat?access_token=" + api.call("POST", HUB + "/:generateToken").json().path("token").asString(),
				null);
		assertThat(server.connectionInfo(guest.fd()).orElseThrow().userId()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "minutesToExpire=0,minutesToExpire", "minutesToExpire=525601,minutesToExpire", "clientType=MQTT,clientType",
			"group=%20,group", "group=..,group", "userId=.,userId", "userId=a%00,userId", "role=%0A,role", "user=ann,user",
			"minutes=5,minutes" })
	void refusesTokensThatItCannotMake(String query, String target) throws Exception {
		expectError(api.call("POST", HUB + "/:generateToken?" + query), 400, "InvalidParameter", target);
	}

	// Batches

	@Test
	void sendsABatch() throws Exception {
		Peer ann = connect("ann", "news");
		Peer bob = connect("bob");
		Answered answer = api.json("POST", HUB + "/hawser/batch", """
				{"pushes":[
				 {"user":"ann","data":{"n":1.10,"b":12345678901234567890}},
				 {"group":"news","dataType":"text","data":"text","ttlSeconds":5,"metadata":{"a":"b"}},
				 {"all":true,"dataType":"binary","data":"AP8=","excluded":["%s"]},
				 {"connection":"nobody","data":null},
				 {"all":true,"dataType":"text","data":"x","filter":"userId eq"}]}""".formatted(bob.id()));
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		JsonNode results = answer.json().path("results");
		assertThat(results).hasSize(5);
		assertThat(results.get(0).path("delivery").asString()).isEqualTo("delivered; connections=1");
		assertThat(results.get(2).path("delivery").asString()).isEqualTo("delivered; connections=1");
		assertThat(results.get(3).path("delivery").asString()).isEqualTo("nobody");
		assertThat(results.get(4).path("error").path("code").asString()).isEqualTo("InvalidFilter");
		assertThat(results.get(4).path("error").path("target").asString()).isEqualTo("pushes[4].filter");
		expectText(ann, "{\"n\":1.10,\"b\":12345678901234567890}");
		expectText(ann, "text");
		assertThat(ann.client().message().payload()).containsExactly(0, 0xFF);
		expectNothing(ann);
		expectNothing(bob);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '#', value = { "{}|user", "{\"user\":\"a\",\"group\":\"b\"}|user", "{\"user\":5}|user",
			"{\"user\":\"\"}|user", "{\"all\":false,\"data\":1}|all", "{\"all\":\"true\",\"data\":1}|all",
			"{\"all\":true,\"dataType\":\"xml\",\"data\":1}|dataType", "{\"all\":true,\"dataType\":\"text\",\"data\":1}|data",
			"{\"all\":true,\"dataType\":\"text\"}|data", "{\"all\":true,\"dataType\":\"binary\",\"data\":\"%\"}|data",
			"{\"all\":true,\"data\":1,\"ttlSeconds\":301}|ttlSeconds", "{\"all\":true,\"data\":1,\"ttlSeconds\":\"5\"}|ttlSeconds",
			"{\"all\":true,\"data\":1,\"metadata\":[]}|metadata", "{\"all\":true,\"data\":1,\"metadata\":{\"a\":1}}|metadata.a",
			"{\"all\":true,\"data\":1,\"metadata\":{\"a b\":\"1\"}}|metadata",
			"{\"all\":true,\"data\":1,\"metadata\":{\"a\":\"1\",\"A\":\"2\"}}|metadata",
			"{\"all\":true,\"data\":1,\"excluded\":\"x\"}|excluded",
			"{\"all\":true,\"data\":1,\"excluded\":[1]}|excluded", "5|", "{\"all\":true}|data", "{\"all\":true,\"dataType\":\"json\"}|data",
			"{\"all\":true,\"dataType\":\"text\",\"data\":null}|data", "{\"all\":true,\"data\":1,\"ttlSecond\":5}|ttlSecond",
			"{\"all\":true,\"data\":1,\"excludde\":[]}|excludde", "{\"user\":\"..\",\"data\":1}|user",
			"{\"user\":\"a\\t\",\"data\":1}|user",
			"{\"group\":\".\",\"data\":1}|group", "{\"all\":true,\"data\":1,\"a\\nb\":1}|" })
	void saysWhatIsWrongWithAPushOfABatch(String push, @Nullable String field) throws Exception {
		Peer one = connect(null);
		Answered answer = api.json("POST", HUB + "/hawser/batch", "{\"pushes\":[" + push + "]}");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.json().path("results").get(0).path("error").path("target").asString())
				.isEqualTo("pushes[0]" + (field == null ? "" : "." + field));
		expectNothing(one);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"pushes\":[]}", "{\"pushes\":5}", "[]", "{", "{\"pushes\":[1,2,3,4,5,6]}",
			"{\"pushs\":[]}" })
	void refusesABatchThatIsNone(String body) throws Exception {
		Answered answer = api.json("POST", HUB + "/hawser/batch", body);
		expectError(answer, 400, "InvalidBody",
				body.contains("pushs") ? "pushs" : body.startsWith("{") && body.length() > 1 ? "pushes" : "body");
	}
}
