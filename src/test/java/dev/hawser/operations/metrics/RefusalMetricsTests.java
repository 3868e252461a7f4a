package dev.hawser.operations.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.SendResult;
import dev.hawser.connection.Connections;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.connection.TestConnections;
import dev.hawser.connection.WebSocketConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** Events that a client can cause at will are counted without building and looking up a meter each time. */
class RefusalMetricsTests {
	private final MeterRegistry registry = new SimpleMeterRegistry();

	/** After the registry is cleared, it stays empty only if no code asks it for a meter again. */
	private void looksUpOnce(Runnable event) {
		event.run();
		Counter counter = (Counter) registry.getMeters().getLast();
		assertThat(counter.count()).isEqualTo(1);
		registry.clear();
		event.run();
		assertThat(registry.getMeters()).as("meters looked up by the second event").isEmpty();
		assertThat(counter.count()).isEqualTo(2);
	}

	@Test
	void looksUpTheMetersOfHandshakesOnce() {
		HandshakeMetrics metrics = new HandshakeMetrics(registry, "chat");
		registry.clear();
		looksUpOnce(() -> metrics.rejected("origin"));
		looksUpOnce(() -> metrics.rejected("token-invalid"));
		looksUpOnce(metrics::rejectedByCallback);
		looksUpOnce(metrics::failed);
	}

	@Test
	void looksUpTheMetersOfRefusedSendsOnce() {
		ConnectionMetrics metrics = new ConnectionMetrics(registry, "chat", new CallbackTimes(registry), new Traces(null, null));
		registry.clear();
		try (Connections connections = TestConnections.connections(Runnable::run)) {
			WebSocketConnection connection = TestConnections.open(TestConnections.hub(), connections, new ScriptedTransport());
			looksUpOnce(() -> metrics.refused(connection, SendResult.NOT_ESTABLISHED));
			looksUpOnce(() -> metrics.refused(connection, new SendResult.Overflowed(1)));
		}
	}
}
