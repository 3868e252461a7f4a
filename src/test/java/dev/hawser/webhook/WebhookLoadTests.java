package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Backends that hang or fail: whom they hold up, and what an operator sees. */
class WebhookLoadTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	/** Two hubs with the same backend, and limits for the first. */
	private RunningHawser server(String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0", "hawser.hubs.default.webhooks[0].on-failure=error",
				"hawser.hubs.other.webhooks[0].url=" + backend.url()));
		for (String property : properties) {
			all.add("hawser.hubs.default.webhooks[0]." + property);
		}
		return RunningHawser.start(NoCallbacks.class, all.toArray(String[]::new));
	}

	private static double gauge(RunningHawser server, String name) {
		return server.bean(MeterRegistry.class).get(name).tag("hub", "default").gauge().value();
	}

	@Test
	void letsABackendThatHangsHoldUpItsOwnHubOnly() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		backend.answer("message", (exchange, call) -> (call.text().equals("slow") ? FakeBackend.after(release, FakeBackend.text("late"))
				: FakeBackend.text("fine")).give(exchange, call));
		try (RunningHawser server = server("events=connect,message", "max-calls=1", "max-waiting=1", "timeout=60s", "max-wait=60s");
				RawClient slow = server.connect();
				RawClient waiting = server.connect();
				RawClient oneTooMany = server.connect();
				RawClient other = RawClient.connect(server.port()).upgrade("/client/hubs/other")) {
			slow.send(RawFrame.text("slow"));
			await().until(() -> gauge(server, "hawser.webhooks.calls") == 1);
			waiting.send(RawFrame.text("next"));
			await().until(() -> gauge(server, "hawser.webhooks.waiting") == 1);
			assertThat(oneTooMany.send(RawFrame.text("busy")).message().text()).contains("\"reason\":\"busy\"");
			assertThat(other.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			release.countDown();
			assertThat(slow.message().text()).isEqualTo("late");
			assertThat(waiting.message().text()).isEqualTo("fine");
			await().until(() -> gauge(server, "hawser.webhooks.calls") == 0 && gauge(server, "hawser.webhooks.waiting") == 0);
		}
	}

	@Test
	void doesNotReadAConnectionWhileItsBackendWorks() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		backend.answer("message", FakeBackend.after(release, FakeBackend.status(204)));
		try (RunningHawser server = server("timeout=60s"); RawClient client = server.connect()) {
			client.send(RawFrame.text("1"), RawFrame.text("2"));
			backend.event("message");
			client.send(RawFrame.text("3"));
			assertThat(backend.untaken()).as("one at a time").isZero();
			release.countDown();
			assertThat(backend.event("message").text()).isEqualTo("2");
			assertThat(backend.event("message").text()).isEqualTo("3");
		}
	}

	@Test
	void stopsCallingABackendThatFailsAndBeginsAgain() throws Exception {
		backend.answer("message", FakeBackend.status(500));
		try (RunningHawser server = server(); RawClient client = server.connect()) {
			assertThat(gauge(server, "hawser.webhooks.down")).isZero();
			String answer = "";
			int called = 0;
			for (int i = 0; i < 10_000 && !answer.contains("\"open\""); i++) {
				answer = client.send(RawFrame.text("hi")).message().text();
				called++;
			}
			assertThat(answer).contains("\"reason\":\"open\"");
			assertThat(called).as("not at the first failure").isGreaterThanOrEqualTo(10);
			assertThat(gauge(server, "hawser.webhooks.down")).isEqualTo(1);
			backend.answer("message", FakeBackend.text("fine"));
			for (long end = System.nanoTime() + 60_000_000_000L; !answer.equals("fine") && System.nanoTime() < end;) {
				answer = client.send(RawFrame.text("hi")).message().text();
			}
			assertThat(answer).isEqualTo("fine");
			await().until(() -> gauge(server, "hawser.webhooks.down") == 0);
			MeterRegistry registry = server.bean(MeterRegistry.class);
			assertThat(registry.get("hawser.webhooks").tags("hub", "default", "event", "message", "outcome", "error").timer().count())
					.isGreaterThanOrEqualTo(10);
			assertThat(registry.get("hawser.webhooks").tags("event", "message", "outcome", "open").timer().count()).isPositive();
			assertThat(registry.get("hawser.webhooks").tags("event", "connect", "outcome", "delivered").timer().count()).isEqualTo(1);
		}
	}

	@Test
	void refusesAddressesOfMetadataServices() throws Exception {
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class,
				"hawser.hubs.default.webhooks[0].url=http://169.254.169.254/{event}",
				"hawser.hubs.default.webhooks[0].events=message", "hawser.hubs.default.webhooks[0].handler-check=false",
				"hawser.hubs.default.webhooks[0].on-failure=error"); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).contains("\"reason\":\"forbidden\"");
		}
	}
}
