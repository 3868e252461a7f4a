package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that is closed leaves no object behind, although the deadline of its first request is still far away. */
@Tag("heap")
@Timeout(300)
class ClosedConnectionMemoryTests {
	private static final int COUNT = 20;
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final ReferenceQueue<WebSocketConnection> collected = new ReferenceQueue<>();

	@Test
	void releasesPlainConnections() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class)) {
			releases(server, () -> RawClient.connect(server.port()));
		}
	}

	@Test
	void releasesConnectionsWithTls() throws Exception {
		CertificateChain certificates = CertificateChain.make();
		try (RunningHawser server = RunningHawser.start(Echo.class, certificates.serverProperties())) {
			releases(server, () -> RawClient
					.over(certificates.trusting().getSocketFactory().createSocket("localhost", server.port())));
		}
	}

	private interface Client {
		RawClient connect() throws Exception;
	}

	/** The latest connection may still be named on the stack of a thread that waits, so it does not count. */
	private void releases(RunningHawser server, Client client) throws Exception {
		Connections connections = server.bean(Connections.class);
		List<WeakReference<WebSocketConnection>> closed = new ArrayList<>();
		for (int i = 0; i <= COUNT; i++) {
			try (RawClient one = client.connect()) {
				one.upgrade("/ws");
				await().atMost(PATIENCE).until(() -> connections.size() == 1);
				connections.all().forEach(connection -> closed.add(new WeakReference<>(connection, collected)));
			}
			await().atMost(PATIENCE).until(() -> connections.size() == 0);
		}
		long end = System.nanoTime() + PATIENCE.toNanos();
		int gone = 0;
		while (gone < COUNT && System.nanoTime() < end) {
			System.gc();
			while (collected.remove(100) != null) {
				gone++;
			}
		}
		assertThat(gone).as("of %d connections", closed.size()).isGreaterThanOrEqualTo(COUNT);
	}
}
