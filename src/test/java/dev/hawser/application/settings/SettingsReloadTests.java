package dev.hawser.application.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The two phases of a reload, and its end. */
class SettingsReloadTests {
	private static final ReadSettings NONE = new ReadSettings(Map.of(), Map.of());

	private final List<String> happened = new ArrayList<>();

	private record Nothing() {
	}

	private final class Recording implements ReloadParticipant {
		private final String name;

		Recording(String name) {
			this.name = name;
		}

		@Override
		public Section<?> section() {
			return Section.ofServer(name, Nothing.class);
		}

		@Override
		public Change prepare(Settings fresh) {
			happened.add("prepare " + name);
			return new Change() {
				@Override
				public void commit() {
					happened.add("commit " + name);
				}

				@Override
				public void discard() {
					happened.add("discard " + name);
				}
			};
		}
	}

	private static final class Failing implements ReloadParticipant {
		@Override
		public Section<?> section() {
			return Section.ofServer("failing", Nothing.class);
		}

		@Override
		public Change prepare(Settings fresh) {
			throw new IllegalArgumentException("hawser.failing.key has gone.");
		}
	}

	private static SettingsReload reload(ReloadParticipant... participants) {
		return new SettingsReload(() -> NONE, List.of(participants), NONE, Duration.ZERO);
	}

	@Test
	void preparesAllBeforeTheFirstCommits() {
		try (SettingsReload reload = reload(new Recording("a"), new Recording("b"))) {
			assertThat(reload.reload().applied()).isTrue();
		}
		assertThat(happened).containsExactly("prepare a", "prepare b", "commit a", "commit b");
	}

	@Test
	void discardsAllPreparedPartsWhereOnePartFails() {
		try (SettingsReload reload = reload(new Recording("a"), new Recording("b"), new Failing(), new Recording("c"))) {
			assertThat(reload.reload().error()).isEqualTo("hawser.failing.key has gone.");
		}
		assertThat(happened).containsExactly("prepare a", "prepare b", "discard a", "discard b");
	}

	@Test
	void readsNothingAfterItsEnd() {
		SettingsReload reload = reload(new Recording("a"));
		reload.close();
		assertThat(reload.reload().applied()).isFalse();
		assertThat(happened).isEmpty();
	}

	/** Participants are closed after this, so a reload that is under way must not put anything new in force. */
	@Test
	void endsAfterAReloadThatIsUnderWay() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AtomicReference<Boolean> applied = new AtomicReference<>();
		SettingsReload reload = new SettingsReload(() -> {
			reading.countDown();
			await(go);
			return NONE;
		}, List.of(new Recording("a")), NONE, Duration.ZERO);
		Thread reloading = Thread.ofVirtual().start(() -> applied.set(reload.reload().applied()));
		await(reading);
		Thread closing = Thread.ofPlatform().start(() -> {
			reload.close();
			happened.add("closed");
		});
		Awaitility.await().until(() -> closing.getState() == Thread.State.WAITING);
		go.countDown();
		closing.join(Duration.ofMinutes(1));
		reloading.join(Duration.ofMinutes(1));
		assertThat(applied).hasValue(true);
		assertThat(happened).containsExactly("prepare a", "commit a", "closed");
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}
}
