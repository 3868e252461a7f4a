package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description of the push API has what the published data plane has, and what the server has, and nothing else. */
class OpenApiTests {
	private static final String HUB = "/api/hubs/{hub}";

	/** Version 2024-12-01 of the contract. */
	private static final Set<String> PUBLISHED = Set.of("head /api/health", "post " + HUB + "/:generateToken", "post " + HUB + "/:send",
			"post " + HUB + "/:addToGroups", "post " + HUB + "/:removeFromGroups", "post " + HUB + "/:closeConnections",
			"post " + HUB + "/connections/{connectionId}/:send", "delete " + HUB + "/connections/{connectionId}",
			"head " + HUB + "/connections/{connectionId}", "delete " + HUB + "/connections/{connectionId}/groups",
			"post " + HUB + "/groups/{group}/:send", "post " + HUB + "/groups/{group}/:closeConnections", "head " + HUB + "/groups/{group}",
			"get " + HUB + "/groups/{group}/connections", "put " + HUB + "/groups/{group}/connections/{connectionId}",
			"delete " + HUB + "/groups/{group}/connections/{connectionId}", "post " + HUB + "/users/{userId}/:send",
			"post " + HUB + "/users/{userId}/:closeConnections", "head " + HUB + "/users/{userId}",
			"put " + HUB + "/users/{userId}/groups/{group}",
			"delete " + HUB + "/users/{userId}/groups/{group}", "delete " + HUB + "/users/{userId}/groups",
			"put " + HUB + "/permissions/{permission}/connections/{connectionId}",
			"delete " + HUB + "/permissions/{permission}/connections/{connectionId}",
			"head " + HUB + "/permissions/{permission}/connections/{connectionId}");

	@Test
	void describesThePublishedDataPlane() {
		assertThat(OpenApi.operations()).containsAll(PUBLISHED);
		assertThat(OpenApi.operations()).filteredOn(operation -> !PUBLISHED.contains(operation))
				.allSatisfy(operation -> assertThat(operation).contains("/hawser/"));
	}

	@Test
	void isServedWhereTheApiIsAndAgreesWithTheRoutes() throws Exception {
		try (RunningHawser running = RunningHawser.start(Echo.class, "hawser.push.key=" + PushTokens.KEY)) {
			Set<String> routes = new TreeSet<>(Set.of("getServiceStatus HEAD"));
			running.bean(Routes.class).all().forEach(route -> routes.add(route.name() + ' ' + route.method()));
			Set<String> described = new TreeSet<>();
			OpenApi.DOCUMENT.path("paths").forEach(path -> path.properties().stream().filter(each -> each.getValue().has("operationId"))
					.forEach(each -> described.add(each.getValue().path("operationId").asString() + ' '
							+ each.getKey().toUpperCase(Locale.ROOT))));
			assertThat(described).isEqualTo(routes);
			RawClient.Response served = ApiDoorTests.ask(running.operationsPort(), "GET", "/api/openapi.yaml");
			assertThat(served.status()).isEqualTo(200);
			assertThat(served.header("Content-Type")).isEqualTo("application/yaml");
			try (var file = Objects.requireNonNull(OpenApi.class.getResourceAsStream("/openapi.yaml"))) {
				assertThat(served.body()).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
			}
			assertThat(ApiDoorTests.ask(running.operationsPort(), "POST", "/api/openapi.yaml").status()).isEqualTo(405);
			assertThat(ApiDoorTests.ask(running.port(), "GET", "/api/openapi.yaml").status()).isEqualTo(404);
		}
	}
}
