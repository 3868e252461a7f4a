package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.webhook.DeadLetter.Why;
import dev.hawser.webhook.DeadLetters.Numbered;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How dead letters are kept, in the file and in memory. */
class DeadLetterFileTests {
	private static final long LARGEST = 1024 * 1024;
	/** All at the same moment, as when a backend goes down. */
	private static final Instant NOW = Instant.parse("2031-05-04T03:02:01Z");

	@TempDir
	private Path folder;
	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
	private final WebhookMeters meters = new WebhookMeters(registry);

	private static DeadLetter letter(int number) {
		Event.Origin of = new Event.Origin("chat", "node-" + number, "5f3c_" + number, "ann", null);
		return new DeadLetter(new Event("disconnected", 2, NOW, of, null, "application/json", new byte[700]), NOW, Why.AGE, "timeout", 7);
	}

	private static List<DeadLetter> letters(int from, int to) {
		return IntStream.range(from, to).mapToObj(DeadLetterFileTests::letter).toList();
	}

	private static List<String> connections(DeadLetters letters) {
		return letters.list(null, 0, 10_000).stream().map(one -> one.letter().event().of().connectionId()).toList();
	}

	private @Nullable Path place(boolean file) {
		return file ? folder : null;
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void makesRoomByTheOldestAndCountsThem(boolean file) throws Exception {
		try (DeadLetters letters = new DeadLetters(place(file), LARGEST, meters)) {
			letters.add(letters(0, 500));
			letters.add(letters(500, 3000));
			List<String> kept = connections(letters);
			assertThat(kept).hasSizeBetween(500, 1500).endsWith("node-2999")
					.isEqualTo(IntStream.range(3000 - kept.size(), 3000).mapToObj(i -> "node-" + i).toList());
			assertThat(letters.bytes()).isLessThanOrEqualTo(LARGEST).isGreaterThan(LARGEST - 2000);
			assertThat(letters.count("chat")).isEqualTo(kept.size());
			assertThat(registry.get("hawser.webhooks.lost").counter().count()).isEqualTo(3000 - kept.size());
			assertThat(registry.get("hawser.webhooks.dead").tag("why", "age").counter().count()).isEqualTo(3000);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void knowsWhatIsLeft(boolean file) throws Exception {
		try (DeadLetters letters = new DeadLetters(place(file), LARGEST, meters)) {
			letters.add(letters(0, 100));
			Numbered first = letters.list("chat", 0, 1).getFirst();
			letters.tried(first.id(), "status 500");
			assertThat(letters.list("chat", 0, 1).getFirst().letter().attempts()).isEqualTo(8);
			assertThat(letters.remove(first.id())).isTrue();
			assertThat(letters.remove(first.id())).isFalse();
			letters.tried(first.id(), "status 500");
			assertThat(letters.counts()).containsEntry("chat", 99);
			assertThat(letters.discard("other")).isZero();
			assertThat(letters.discard("chat")).isEqualTo(99);
			assertThat(letters.bytes()).isZero();
			assertThat(letters.counts()).isEmpty();
		}
	}

	@Test
	void givesNoIdAgainAfterARestart() throws Exception {
		long last;
		try (DeadLetters letters = new DeadLetters(folder, LARGEST, meters)) {
			letters.add(letters(0, 3));
			last = letters.list(null, 0, 3).getLast().id();
			letters.discard(null);
		}
		try (DeadLetters letters = new DeadLetters(folder, LARGEST, meters)) {
			letters.add(List.of(new DeadLetter(letter(1).event(), NOW.plusMillis(1), Why.FULL, null, 0)));
			assertThat(letters.list(null, 0, 1).getFirst().id()).isGreaterThan(last);
		}
	}

	@Test
	void keepsLessInAFileThatMayBeSmallerNow() throws Exception {
		try (DeadLetters letters = new DeadLetters(folder, LARGEST, meters)) {
			letters.add(letters(0, 800));
		}
		try (DeadLetters letters = new DeadLetters(folder, LARGEST / 4, meters)) {
			assertThat(letters.bytes()).isBetween(LARGEST / 4 - 2000, LARGEST / 4);
			assertThat(connections(letters)).endsWith("node-799").doesNotContain("node-0").hasSize(letters.count("chat"));
		}
	}

	/** What comes while the disk fails, and after it, is kept in memory. */
	@Test
	void worksOnInMemoryWhenTheDiskFails() throws Exception {
		AtomicBoolean full = new AtomicBoolean();
		StoreFile file = new StoreFile(folder, DeadLetters.FILE, _ -> {
			if (full.get()) {
				throw new IllegalStateException("no disk");
			}
		});
		try (DeadLetters letters = new DeadLetters(file, LARGEST, meters)) {
			letters.add(letters(0, 2));
			full.set(true);
			letters.add(letters(2, 4));
			letters.add(letters(4, 6));
			assertThat(letters.isDurable()).isFalse();
			assertThat(connections(letters)).containsExactly("node-2", "node-3", "node-4", "node-5");
			assertThat(letters.counts()).containsEntry("chat", 4);
			assertThat(letters.discard(null)).isEqualTo(4);
		}
		try (DeadLetters letters = new DeadLetters(folder, LARGEST, meters)) {
			assertThat(connections(letters)).as("what was there before").contains("node-0", "node-1");
		}
	}

	@Test
	void refusesAFileOfANewerHawser() {
		MVStore newer = MVStore.open(folder.resolve(DeadLetters.FILE).toString());
		newer.setStoreVersion(StoreFile.FORMAT + 1);
		newer.openMap("letters").put("a", "b");
		newer.close();
		assertThatThrownBy(() -> new DeadLetters(folder, LARGEST, meters)).isInstanceOf(IllegalArgumentException.class)
				.hasMessage(
						"hawser.webhooks.folder has a file of version 2, and this Hawser reads up to version 1: use the newer Hawser until"
								+ " all its events are delivered, or move webhook-dead-letters.mv away.");
	}
}
