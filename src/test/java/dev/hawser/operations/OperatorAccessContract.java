package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Who may read which endpoint, on a port of the operations or on the clients' port. All existing endpoints are exposed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ReadsLog
abstract class OperatorAccessContract {
	static final String KEY = "operator-key-operator-key-operator-key+/=";

	private final List<String> properties;
	private RunningHawser server;

	OperatorAccessContract(String... properties) {
		this.properties = new ArrayList<>(List.of(properties));
		this.properties.addAll(List.of("management.endpoints.web.exposure.include=*", "management.endpoint.shutdown.access=unrestricted",
				"hawser.operations.key=" + KEY));
	}

	@BeforeAll
	void start() {
		server = RunningHawser.start(Echo.class, properties.toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		server.close();
	}

	private Response ask(String method, String path, String... headers) throws Exception {
		List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost", "Content-Length: 0"));
		lines.addAll(List.of(headers));
		try (RawClient client = RawClient.connect(server.operationsPort()).request(lines.toArray(String[]::new))) {
			return client.response();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void tellsAllClientsOnlyWhetherItIsUp(String path) throws Exception {
		Response response = ask("GET", path);
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.body()).contains("\"status\":\"UP\"").doesNotContain("components", "details", "diskSpace");
	}

	@Test
	void letsAllClientsScrape() throws Exception {
		assertThat(ask("GET", "/actuator/prometheus").body()).contains("hawser_connections");
	}

	@ParameterizedTest
	@CsvSource({ "GET,/actuator", "GET,/actuator/", "GET,/actuator/env", "GET,/actuator/beans", "GET,/actuator/configprops",
			"GET,/actuator/heapdump", "GET,/actuator/info", "GET,/actuator/loggers", "GET,/actuator/metrics", "GET,/actuator/nothing",
			"POST,/actuator/shutdown", "POST,/actuator/loggers/root", "DELETE,/actuator/env", "OPTIONS,/actuator/env",
			"GET,/actuator/healthy", "GET,/actuator/Health" })
	void asksForTheKeyForEverythingElse(String method, String path) throws Exception {
		Response response = ask(method, path);
		assertThat(response.status()).isEqualTo(401);
		assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"operations\"");
		assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(response.body()).contains("hawser.operations.key").doesNotContain(KEY);
	}

	/** However the path is written, it is either refused or leads nowhere. */
	@ParameterizedTest
	@ValueSource(strings = { "/actuator;x/env", "/actuator/env;x", "/%61ctuator/env", "/actuator/%65nv", "/actuator/health/../env",
			"/actuator/health/%2e%2e/env", "/actuator/health/..;/env", "/actuator/health%2f..%2fenv", "//actuator/env", "/actuator//env",
			"/x/../actuator/env", "/./actuator/env", "/actuator/prometheus/../env", "/actuator/env/", "/ACTUATOR/env",
			"http://localhost/actuator/env" })
	void isNotGotRoundByAnotherSpelling(String path) throws Exception {
		Response response = ask("GET", path);
		assertThat(response.status()).isIn(400, 401, 404);
		assertThat(response.body()).doesNotContain("propertySources");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer wrong", "Bearer", "Bearer ", "Basic " + KEY, KEY, "Bearer x" + KEY, "Bearer " + KEY + "x",
			"Bearer operator-key-operator-key-operator-key+/" })
	void isNotOpenedByAnythingElse(String authorization) throws Exception {
		assertThat(ask("GET", "/actuator/env", "Authorization: " + authorization).status()).isEqualTo(401);
		assertThat(ask("GET", "/actuator/health", "Authorization: " + authorization).body()).doesNotContain("components");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer " + KEY, "bearer " + KEY, "Bearer  " + KEY })
	void isOpenedByTheKey(String authorization) throws Exception {
		Response env = ask("GET", "/actuator/env", "Authorization: " + authorization);
		assertThat(env.status()).isEqualTo(200);
		assertThat(env.body()).contains("propertySources").doesNotContain(KEY);
		assertThat(ask("GET", "/actuator/health", "Authorization: " + authorization).body()).contains("components", "details");
		assertThat(ask("GET", "/actuator/nothing", "Authorization: " + authorization).status()).isEqualTo(404);
	}

	@Test
	void leavesOtherPathsAlone() throws Exception {
		assertThat(ask("GET", "/nothing").status()).isEqualTo(404);
	}

	@Test
	void logsNoKey(CapturedOutput log) throws Exception {
		ask("GET", "/actuator/env", "Authorization: Bearer " + KEY);
		ask("GET", "/actuator/env", "Authorization: Bearer x" + KEY);
		assertThat(log.getAll()).doesNotContain(KEY);
		assertThat(new OperationsSettings(KEY, Duration.ofSeconds(10)).toString()).doesNotContain(KEY);
	}
}
