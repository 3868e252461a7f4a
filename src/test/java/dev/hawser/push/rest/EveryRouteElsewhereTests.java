package dev.hawser.push.rest;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.connection.Connections;
import dev.hawser.push.rest.ApiCaller.Answered;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each route of the push API, asked of one node for connections of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryRouteElsewhereTests {
	private static final String HUB = "/hubs/default/";
	private static final String OPERATORS = "operators-key-operators-key-operators-key";
	private final Set<String> asked = new HashSet<>();
	private final List<Peer> peers = new ArrayList<>();
	private RunningCluster cluster;
	private ApiCaller api;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(3, "hawser.push.key=" + PushTokens.KEY, "hawser.operations.key=" + OPERATORS);
		api = new ApiCaller(cluster.node(0).operationsPort(), PushTokens.KEY);
	}

	@AfterAll
	void stop() {
		if (cluster != null) {
			Set<String> all = cluster.node(0).bean(Routes.class).all().stream().map(Route::name).collect(Collectors.toSet());
			all.remove("generateClientToken"); // signs a token, and asks no node
			cluster.close();
			api.close();
			assertThat(asked).as("every route was asked").containsAll(all);
		}
	}

	@AfterEach
	void leave() throws Exception {
		for (Peer peer : peers) {
			peer.client().close();
		}
		peers.clear();
		await().until(() -> now(cluster.clients(0).count(Target.hub("default"))) == 0);
		cluster.settled();
	}

	private Peer connect(int node, String user) throws Exception {
		Peer peer = cluster.connect(node, "/ws", user);
		peers.add(peer);
		return peer;
	}

	private Answered ask(String route, String method, String path, String... body) throws Exception {
		asked.add(route);
		return body.length == 0 ? api.call(method, HUB + path) : api.json(method, HUB + path, body[0]);
	}

	private void assertAnswer(int status, String route, String method, String path, String... body) throws Exception {
		Answered answer = ask(route, method, path, body);
		assertThat(answer.status()).as(route + " " + answer).isEqualTo(status);
	}

	@Test
	void sends() throws Exception {
		Peer ann = connect(1, "ann");
		Peer bob = connect(2, "bob");
		assertAnswer(202, "sendToConnection", "POST", "connections/" + ann.id() + "/:send", "1");
		assertAnswer(202, "sendToUser", "POST", "users/bob/:send", "2");
		assertAnswer(200, "addConnectionToGroup", "PUT", "groups/g/connections/" + ann.id());
		assertAnswer(202, "sendToGroup", "POST", "groups/g/:send", "3");
		assertAnswer(202, "sendToAll", "POST", ":send?excluded=" + ann.id(), "4");
		Answered batch = ask("sendBatch", "POST", "hawser/batch",
				"{\"pushes\":[{\"user\":\"ann\",\"data\":5},{\"group\":\"g\",\"data\":6}]}");
		assertThat(batch.body()).contains("handed-over; connections=0; nodes=1").doesNotContain("error");
		for (String text : List.of("1", "3", "5", "6")) {
			assertThat(ann.client().message().text()).isEqualTo(text);
		}
		for (String text : List.of("2", "4")) {
			assertThat(bob.client().message().text()).isEqualTo(text);
		}
	}

	@Test
	void closes() throws Exception {
		Peer one = connect(1, "one");
		Peer two = connect(2, "two");
		Peer three = connect(1, "three");
		Peer four = connect(2, "four");
		assertAnswer(204, "closeConnection", "DELETE", "connections/" + one.id() + "?reason=bye");
		assertThat(one.client().frame().closeReason()).isEqualTo("bye");
		assertAnswer(204, "closeUserConnections", "POST", "users/two/:closeConnections");
		assertThat(two.client().frame().isClose()).isTrue();
		assertAnswer(200, "addUserToGroup", "PUT", "users/three/groups/close");
		assertAnswer(204, "closeGroupConnections", "POST", "groups/close/:closeConnections");
		assertThat(three.client().frame().isClose()).isTrue();
		assertAnswer(204, "closeAllConnections", "POST", ":closeConnections");
		assertThat(four.client().frame().isClose()).isTrue();
	}

	@Test
	void changesGroups() throws Exception {
		Peer ann = connect(1, "ann");
		Peer bob = connect(2, "bob");
		assertAnswer(200, "addConnectionToGroup", "PUT", "groups/g/connections/" + ann.id());
		assertAnswer(200, "addUserToGroup", "PUT", "users/bob/groups/g");
		assertThat(members("g")).containsExactlyInAnyOrder(ann.id(), bob.id());
		assertAnswer(204, "removeConnectionFromGroup", "DELETE", "groups/g/connections/" + ann.id());
		assertAnswer(204, "removeUserFromGroup", "DELETE", "users/bob/groups/g");
		assertThat(members("g")).isEmpty();
		assertAnswer(200, "addConnectionsToGroups", "POST", ":addToGroups",
				"{\"groups\":[\"g\",\"h\"],\"filter\":\"userId eq 'ann' or userId eq 'bob'\"}");
		assertThat(members("h")).hasSize(2);
		assertAnswer(200, "removeConnectionsFromGroups", "POST", ":removeFromGroups",
				"{\"groups\":[\"h\"],\"filter\":\"userId eq 'ann'\"}");
		assertThat(members("h")).containsExactly(bob.id());
		assertAnswer(204, "removeConnectionFromAllGroups", "DELETE", "connections/" + ann.id() + "/groups");
		assertAnswer(204, "removeUserFromAllGroups", "DELETE", "users/bob/groups");
		assertThat(members("g")).isEmpty();
		assertAnswer(404, "addConnectionToGroup", "PUT", "groups/g/connections/" + cluster.node(0).bean(Connections.class)
				.connectionId(999_999));
		assertAnswer(404, "addUserToGroup", "PUT", "users/nobody/groups/g");
	}

	private List<String> members(String group) throws Exception {
		return ask("listConnectionsInGroup", "GET", "groups/" + group + "/connections").json().path("value").valueStream()
				.map(one -> one.path("connectionId").asString()).toList();
	}

	@Test
	void tellsWhoIsThere() throws Exception {
		Peer ann = connect(1, "ann");
		Peer bob = connect(2, "bob");
		assertAnswer(200, "addUserToGroup", "PUT", "users/bob/groups/g");
		assertAnswer(200, "connectionExists", "HEAD", "connections/" + ann.id());
		assertAnswer(200, "userExists", "HEAD", "users/bob");
		assertAnswer(200, "groupExists", "HEAD", "groups/g");
		assertAnswer(404, "connectionExists", "HEAD", "connections/" + ann.id() + "9");
		assertAnswer(404, "userExists", "HEAD", "users/carl");
		assertAnswer(404, "groupExists", "HEAD", "groups/h");
		assertThat(ask("getConnection", "GET", "hawser/connections/" + bob.id()).body()).contains(bob.id()).contains("bob");
		assertThat(ask("listConnections", "GET", "hawser/connections").body()).contains(ann.id()).contains(bob.id());
		assertThat(ask("countConnections", "GET", "hawser/count").json().path("count").asInt()).isEqualTo(2);
		ann.client().close();
		await().until(() -> api.call("HEAD", HUB + "connections/" + ann.id()).status() == 404);
		await().until(() -> api.call("HEAD", HUB + "users/ann").status() == 404);
		assertThat(ask("countConnections", "GET", "hawser/count").json().path("count").asInt()).isEqualTo(1);
	}

	@Test
	void givesAndTakesPermissions() throws Exception {
		Peer ann = connect(1, "ann");
		String path = "permissions/sendToGroup/connections/" + ann.id() + "?targetName=g";
		assertAnswer(404, "checkPermission", "HEAD", path);
		assertAnswer(200, "grantPermission", "PUT", path);
		assertAnswer(200, "checkPermission", "HEAD", path);
		assertThat(now(cluster.clients(2).isPermitted(Target.connection(ann.id()), Permission.sendToGroup("g")))).isTrue();
		assertAnswer(204, "revokePermission", "DELETE", path);
		assertAnswer(404, "checkPermission", "HEAD", path);
	}

	private Peer connectAs(int node, String claims) throws Exception {
		Peer peer = cluster.connect(node, "/client/hubs/default?access_token=" + claims, null);
		peers.add(peer);
		return peer;
	}

	private static String token(String user, String id) {
		return PushTokens.sign(RunningHawser.SECRET,
				Map.of("sub", user, "aud", "hawser", "jti", id, "iat", Instant.now().getEpochSecond()));
	}

	private HttpResponse<String> revoke(int node, String body) throws Exception {
		HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://localhost:" + cluster.node(node).operationsPort() + "/actuator/revoke"))
				.header("Authorization", "Bearer " + OPERATORS).header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	@Test
	void revokesAUserAndATokenAtWhicheverNodeTheRequestComes() throws Exception {
		Peer byUser = connectAs(1, token("eve", "t1"));
		Peer byToken = connectAs(2, token("fay", "t2"));
		Peer stays = connectAs(1, token("fay", "t3"));
		assertThat(revoke(0, "{\"user\":\"eve\"}").body()).contains("1");
		assertThat(byUser.client().frame().closeCode()).isEqualTo(4403);
		assertThat(revoke(0, "{\"tokenId\":\"t2\"}").body()).contains("1");
		assertThat(byToken.client().frame().closeCode()).isEqualTo(4403);
		assertThat(now(cluster.clients(0).exists(Target.connection(stays.id())))).isTrue();
		assertThat(now(cluster.clients(0).revoke(Target.connection(stays.id())))).isEqualTo(1);
		assertThat(stays.client().frame().closeCode()).isEqualTo(4403);
	}

	@Test
	void renewsATokenAtWhicheverNodeTheRequestComes() throws Exception {
		Peer peer = connectAs(1, token("gil", "t4"));
		Target.Connection target = Target.connection(peer.id());
		assertThat(now(cluster.clients(0).renew(target, new Renewal("gil", "t5", Instant.now().plusSeconds(3_600)))))
				.isEqualTo(Renewal.Result.RENEWED);
		assertThat(now(cluster.clients(2).revokeToken("t4"))).as("the token before").isZero();
		assertThat(now(cluster.clients(2).renew(target, new Renewal("gil", "t6", Instant.now().minusSeconds(1)))))
				.isIn(Renewal.Result.RENEWED, Renewal.Result.NOT_FOUND);
		assertThat(peer.client().frame().closeCode()).as("the end of the fresh token counts").isEqualTo(4401);
	}

	@Test
	void pingsAndAnswersInvocationsOnEveryNode() throws Exception {
		Peer peer = connect(2, "ann");
		assertThat(now(cluster.clients(0).ping(Target.user("ann")))).isNotNull();
		assertThat(peer.client().frame().opcode()).isEqualTo(9);
		try (RawClient client = RawClient.connect(cluster.node(1).port())
				.upgrade("/client/hubs/default?access_token=" + token("ann", "t7"), "Sec-WebSocket-Protocol: json.webpubsub.azure.v1")) {
			assertThat(client.message().text()).contains("connected");
			client.send(RawFrame.text("{\"type\":\"invoke\",\"invocationId\":\"1\",\"target\":\"event\",\"event\":\"hello\","
					+ "\"dataType\":\"text\",\"data\":\"there\"}"));
			assertThat(client.message().text()).contains("invokeResponse").contains("\"success\":true").contains("there");
		}
	}
}
