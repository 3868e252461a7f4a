package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.Test;

/** Operations on a port of their own. */
class OperatorAccessTests extends OperatorAccessContract {

	@Test
	void allowsOnlyHealthAndMetricsWithoutAKey() throws Exception {
		try (RunningHawser keyless = RunningHawser.start(Echo.class, "management.endpoints.web.exposure.include=*")) {
			for (String path : new String[] { "/actuator", "/actuator/env", "/actuator/drain" }) {
				try (RawClient client = RawClient.connect(keyless.operationsPort()).request("GET " + path + " HTTP/1.1",
						"Host: localhost", "Authorization: Bearer null")) {
					RawClient.Response response = client.response();
					assertThat(response.status()).as(path).isEqualTo(403);
					assertThat(response.body()).contains("Set hawser.operations.key");
				}
			}
			try (RawClient client = RawClient.connect(keyless.operationsPort()).request("GET /actuator/health HTTP/1.1",
					"Host: localhost")) {
				assertThat(client.response().body()).contains("UP").doesNotContain("components");
			}
		}
	}

	@Test
	void opensNoWebSocketThere() throws Exception {
		int port = RunningHawser.shared(Echo.class).operationsPort();
		try (RawClient client = RawClient.connect(port).request(RawClient.handshake("/ws"))) {
			assertThat(client.response().status()).isEqualTo(404);
		}
	}
}
