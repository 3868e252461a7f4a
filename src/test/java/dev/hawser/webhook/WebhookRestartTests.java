package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** What a backend is told after a restart, when events are kept in a folder. */
@ReadsLog
class WebhookRestartTests {
	@TempDir
	private Path folder;
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	private RunningHawser server(Path store, String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0", "hawser.webhooks.folder=" + store));
		all.addAll(List.of(properties));
		return RunningHawser.start(NoCallbacks.class, all.toArray(String[]::new));
	}

	@Test
	void tellsOfConnectionsThatWereOpenWhenTheProcessWasKilled() throws Exception {
		Path killed = Files.createDirectories(folder.resolve("killed"));
		backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\"}", "ce-connectionState", "kept"));
		String unique;
		String id;
		try (RunningHawser server = server(folder.resolve("first")); RawClient client = server.connect()) {
			Call connect = backend.event("connect");
			id = Objects.requireNonNull(connect.header("ce-connectionId"));
			unique = Objects.requireNonNull(connect.header("webhook-id")).replaceFirst("_0$", "");
			client.send(RawFrame.text("hi"));
			backend.event("message");
			// a copy of the file is what a kill would leave
			Files.copy(folder.resolve("first").resolve(FileEventStore.FILE), killed.resolve(FileEventStore.FILE));
			client.send(RawFrame.close(1000, ""));
			backend.event("disconnected");
		}
		try (RunningHawser server = server(killed)) {
			assertThat(server.port()).isPositive();
			Call lost = backend.event("disconnected");
			assertThat(lost.header("ce-connectionId")).isEqualTo(id);
			assertThat(lost.header("webhook-id")).startsWith(unique);
			assertThat(Integer.parseInt(Objects.requireNonNull(lost.header("ce-id")))).as("above every number that was used")
					.isGreaterThan(2);
			assertThat(lost.header("ce-connectionState")).isEqualTo("kept");
			assertThat(lost.text()).contains("\"reason\":\"node lost\"", "\"code\":1006", "\"wasClean\":false");
		}
		try (RunningHawser server = server(killed); RawClient client = server.connect()) {
			client.send(RawFrame.text("hi"));
			backend.event("message");
			assertThat(backend.untaken()).as("it is told once").isZero();
		}
	}

	/** A backend that hears late of the end of a connection must not take it for a newer one. */
	@Test
	void namesNoConnectionLikeOneOfAnEarlierProcess() throws Exception {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			try (RunningHawser server = server(folder); RawClient _ = server.connect()) {
				ids.add(Objects.requireNonNull(backend.event("connect").header("ce-connectionId")));
			}
		}
		assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).matches("test-[0-9a-f]{6}-1"));
	}

	@Test
	void deliversAfterARestartWhatABackendDidNotTakeBefore() throws Exception {
		Call first;
		try (RunningHawser server = server(folder)) {
			backend.answer("disconnected", FakeBackend.status(503));
			server.connect().close();
			first = backend.event("disconnected");
		}
		backend.answer("disconnected", FakeBackend.status(204));
		try (RunningHawser server = server(folder)) {
			assertThat(server.port()).isPositive();
			Call again = backend.event("disconnected");
			while (!Objects.equals(again.header("webhook-id"), first.header("webhook-id"))) {
				again = backend.event("disconnected");
			}
			assertThat(again.text()).isEqualTo(first.text());
			assertThat(again.header("ce-time")).isEqualTo(first.header("ce-time"));
			assertThat(again.header("ce-id")).isEqualTo(first.header("ce-id"));
		}
	}

	@Test
	void saysOnceThatEventsAreInMemoryOnly(CapturedOutput log) {
		RunningHawser.start(NoCallbacks.class, "hawser.hubs.default.webhooks[0].url=" + backend.url()).close();
		assertThat(log.getAll().split("Events for backends are kept in memory only", -1)).hasSize(2);
	}

	@Test
	void saysNothingOfItWithoutWebhooks(CapturedOutput log) {
		RunningHawser.start(NoCallbacks.class).close();
		assertThat(log).doesNotContain("Events for backends");
	}
}
