package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.WebSocketServer;
import dev.hawser.push.rest.ApiCaller.Answered;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Limits of the push API other than the usual ones. */
class PushLimitTests {
	private static final String CHAT = "/hubs/chat";
	private static RunningHawser running;
	private static ApiCaller api;

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Echo.class, "hawser.push.key=" + PushTokens.KEY, "hawser.push.most-in-page=2",
				"hawser.push.most-in-batch=2", "hawser.push.longest-group-name=5", "hawser.request.body-size=2KB",
				"hawser.hubs.chat.callbacks=none", "hawser.hubs.chat.connection.limits.groups=2");
		api = new ApiCaller(running.operationsPort(), PushTokens.KEY);
	}

	@AfterAll
	static void stop() {
		api.close();
		running.close();
	}

	private static RawClient connected(String path, int all) throws Exception {
		RawClient client = RawClient.connect(running.port()).upgrade(path);
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == all);
		return client;
	}

	private static String id(String hub) throws Exception {
		return api.call("GET", hub + "/hawser/connections").json().path("value").get(0).path("connectionId").asString();
	}

	@Test
	void boundPages() throws Exception {
		try (RawClient one = connected("/ws", 1); RawClient two = connected("/ws", 2); RawClient three = connected("/ws", 3)) {
			for (String asked : List.of("", "?maxpagesize=2", "?maxpagesize=3", "?maxpagesize=200&top=3")) {
				JsonNode page = api.call("GET", "/hubs/default/hawser/connections" + asked).json();
				assertThat(page.path("value")).as(asked).hasSize(2);
				assertThat(page.has("nextLink")).isTrue();
			}
			assertThat(api.call("GET", "/hubs/default/hawser/connections?maxpagesize=1").json().path("value")).hasSize(1);
			assertThat(api.call("GET", "/hubs/default/hawser/connections?maxpagesize=201").status()).isEqualTo(400);
			assertThat(List.of(one, two, three)).allSatisfy(client -> assertThat(client.socket().isClosed()).isFalse());
		}
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == 0);
	}

	/** The hub's own limit holds however a connection joins; the other hub has the usual one. */
	@Test
	void boundTheGroupsOfAConnection() throws Exception {
		try (RawClient client = connected("/client/hubs/chat", 1)) {
			String id = id(CHAT);
			assertThat(api.call("PUT", CHAT + "/groups/a/connections/" + id).status()).isEqualTo(200);
			assertThat(api.call("PUT", CHAT + "/groups/b/connections/" + id).status()).isEqualTo(200);
			Answered third = api.call("PUT", CHAT + "/groups/c/connections/" + id);
			assertThat(third.status()).isEqualTo(409);
			assertThat(third.code()).isEqualTo("TooManyGroups");
			assertThat(api.call("PUT", CHAT + "/groups/a/connections/" + id).status()).as("it is in this one").isEqualTo(200);
			assertThat(api.json("POST", CHAT + "/:addToGroups", "{\"groups\":[\"d\"]}").header("Hawser-Delivery"))
					.isEqualTo("refused; connections=0; refused=1");
			assertThat(client.socket().isClosed()).isFalse();
		}
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == 0);
		try (RawClient client = connected("/ws", 1)) {
			assertThat(api.json("POST", "/hubs/default/:addToGroups", "{\"groups\":[\"a\",\"b\",\"c\"]}").header("Hawser-Delivery"))
					.isEqualTo("delivered; connections=1");
			assertThat(client.socket().isClosed()).isFalse();
		}
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == 0);
	}

	@Test
	void boundTheNamesOfGroups() throws Exception {
		for (Answered answer : List.of(api.text(CHAT + "/groups/sixsix/:send", "x"), api.call("GET", CHAT + "/groups/sixsix/connections"),
				api.call("PUT", CHAT + "/users/u/groups/sixsix"), api.json("POST", CHAT + "/:addToGroups", "{\"groups\":[\"sixsix\"]}"),
				api.call("POST", CHAT + "/:generateToken?group=sixsix"), api.call("GET", CHAT + "/hawser/count?group=sixsix"),
				api.call("PUT", CHAT + "/permissions/sendToGroup/connections/c?targetName=sixsix"))) {
			assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
			assertThat(answer.json().path("message").asString()).contains("1 to 5 characters");
		}
		assertThat(api.text(CHAT + "/groups/fives/:send", "x").status()).isEqualTo(202);
		assertThat(api
				.json("POST", CHAT + "/hawser/batch", "{\"pushes\":[{\"group\":\"sixsix\",\"data\":1},{\"group\":\"fives\",\"data\":1}]}")
				.body()).contains("\"target\":\"pushes[0].group\"", "{\"delivery\":\"nobody\"}");
		for (String group : List.of("sixsix", "fives")) {
			String token = PushTokens.sign(PushTokens.KEY, Map.of("aud", "http://localhost:" + running.port() + "/client/hubs/chat",
					"webpubsub.group", group));
			String[] lines = RawClient.handshake("/client/hubs/chat?access_token=" + token);
			lines[1] = "Host: localhost:" + running.port();
			try (RawClient client = RawClient.connect(running.port()).request(lines)) {
				assertThat(client.response().status()).isEqualTo(group.length() == 5 ? 101 : 401);
			}
		}
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == 0);
	}

	@Test
	void boundBatchesAndBodies() throws Exception {
		String push = "{\"all\":true,\"data\":1}";
		assertThat(api.json("POST", CHAT + "/hawser/batch", "{\"pushes\":[" + push + ',' + push + "]}").status()).isEqualTo(200);
		Answered three = api.json("POST", CHAT + "/hawser/batch", "{\"pushes\":[" + push + ',' + push + ',' + push + "]}");
		assertThat(three.status()).isEqualTo(400);
		assertThat(three.target()).isEqualTo("pushes");
		assertThat(api.text(CHAT + "/:send", "x".repeat(2048)).status()).isEqualTo(202);
		assertThat(api.text(CHAT + "/:send", "x".repeat(2049)).status()).isEqualTo(413);
	}
}
