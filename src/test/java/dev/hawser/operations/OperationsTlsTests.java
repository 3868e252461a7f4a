package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The TLS of the clients' port is not that of the operations: probes and scrapes stay plain. */
class OperationsTlsTests {
	private static CertificateChain certificates;

	@BeforeAll
	static void make() throws Exception {
		certificates = CertificateChain.make();
	}

	private static int health(RunningHawser server) throws Exception {
		try (RawClient client = RawClient.connect(server.operationsPort())) {
			return client.request("GET /actuator/health/liveness HTTP/1.1", "Host: localhost").response().status();
		}
	}

	@Test
	void hasNoneWhereOnlyTheClientsPortHasIt() throws Exception {
		assertThat(health(RunningHawser.shared(Echo.class, certificates.serverProperties()))).isEqualTo(200);
	}

	@Test
	void hasItsOwnWhereThatIsConfigured() throws Exception {
		String[] own = Stream.of(certificates.serverProperties()).map(property -> "management." + property).toArray(String[]::new);
		try (RunningHawser server = RunningHawser.start(Echo.class, own)) {
			assertThatThrownBy(() -> health(server)).isNotNull();
		}
	}
}
