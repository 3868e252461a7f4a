package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees of several nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterOperationsTests {
	private static final String KEY = "operators-key-operators-key-operators-key";
	private RunningCluster cluster;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(2, "hawser.operations.key=" + KEY);
	}

	@AfterAll
	void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private static HttpResponse<String> get(RunningHawser node, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.operationsPort() + path))
				.header("Authorization", "Bearer " + KEY).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	@Test
	void showsAllNodes() throws Exception {
		Peer peer = cluster.connect(1, "/ws", null);
		JsonNode known = await().until(() -> JsonMapper.shared().readTree(get(cluster.node(0), "/actuator/nodes").body()),
				shown -> shown.path("nodes").path(1).path("connections").asInt() == 1);
		assertThat(known.path("self").asString()).isEqualTo(cluster.nodes(0).self());
		assertThat(known.path("redis").asString()).isEqualTo("up");
		assertThat(known.path("nodes").path(1).path("name").asString()).isEqualTo(cluster.nodes(1).self());
		assertThat(known.path("nodes").path(1).path("state").asString()).isEqualTo("up");
		assertThat(get(cluster.node(0), "/actuator/prometheus").body()).contains("hawser_cluster_nodes 2.0", "hawser_cluster_up 1.0",
				"hawser_cluster_lost_total 0.0", "hawser_cluster_inbox_delay_seconds");
		peer.client().close();
	}

	@Test
	void namesNodesOfAVersionThatItDoesNotUnderstand() throws Exception {
		cluster.redis.cli("HSET", "hawser:nodes:{nodes}", "newer-000001", "1|9|up|0");
		JsonNode known = await().until(() -> JsonMapper.shared().readTree(get(cluster.node(0), "/actuator/nodes").body()),
				shown -> shown.path("incompatible").size() == 1);
		assertThat(known.path("incompatible").path(0).asString()).isEqualTo("newer-000001");
		assertThat(cluster.nodes(0).isLive("newer-000001")).isFalse();
		cluster.redis.cli("HDEL", "hawser:nodes:{nodes}", "newer-000001");
	}

	@Test
	void staysReadyAndSaysSoWhileRedisIsAway() throws Exception {
		assertThat(get(cluster.node(0), "/actuator/health/cluster").statusCode()).isEqualTo(200);
		cluster.redis.kill();
		await().until(() -> get(cluster.node(0), "/actuator/health/cluster").statusCode() == 503);
		assertThat(get(cluster.node(0), "/actuator/health/readiness").statusCode()).isEqualTo(200);
		assertThat(get(cluster.node(0), "/actuator/health/liveness").statusCode()).isEqualTo(200);
		cluster.redis.startEmpty();
		await().until(() -> get(cluster.node(0), "/actuator/health/cluster").statusCode() == 200);
		cluster.awaitNodes(2);
	}

	@Test
	void renewsATokenAtWhicheverNodeTheRequestComes() throws Exception {
		HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://localhost:" + cluster.node(0).port() + "/client/connections/n1-abcdef-1/token"))
				.header("Authorization", "Bearer " + RunningHawser.token()).POST(HttpRequest.BodyPublishers.noBody()).build();
		assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(404);
		Peer peer = connectAs(1);
		HttpRequest renewal = HttpRequest
				.newBuilder(URI.create("http://localhost:" + cluster.node(0).port() + "/client/connections/" + peer.id() + "/token"))
				.header("Authorization", "Bearer " + RunningHawser.token()).POST(HttpRequest.BodyPublishers.noBody()).build();
		assertThat(HttpClient.newHttpClient().send(renewal, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(204);
		peer.client().close();
	}

	private Peer connectAs(int node) throws Exception {
		return cluster.connect(node, "/ws?access_token=" + RunningHawser.token(), null);
	}
}
