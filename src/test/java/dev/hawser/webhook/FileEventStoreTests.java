package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.testing.ReadsLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** The file in which events outlive a process. */
@ReadsLog
class FileEventStoreTests {
	private static final long LARGEST = 64 * 1024 * 1024;

	@TempDir
	private Path folder;

	private static KeptEntry entry(int number, @Nullable String state) {
		Event.Origin of = new Event.Origin("chat", "node-" + number, "5f3c_" + number, "ann", null);
		Event due = new Event("connected", 1, Instant.parse("2031-05-04T03:02:01Z"), of, state, "application/json",
				"{}".getBytes(StandardCharsets.UTF_8));
		return new KeptEntry(new Entry(of, state, 1000, List.of(due)));
	}

	private static @Nullable Entry left(FileEventStore store, String name) {
		return Entry.of(Objects.requireNonNull(store.left().get(name)));
	}

	@Test
	void keepsEntriesForTheNextProcess() throws Exception {
		try (FileEventStore store = new FileEventStore(folder, LARGEST)) {
			store.putDurably(entry(1, null));
			store.put(entry(2, "old"));
			store.put(entry(2, "new"));
			store.put(entry(3, null));
			store.remove(entry(3, null));
		}
		try (FileEventStore store = new FileEventStore(folder, LARGEST)) {
			assertThat(store.left()).containsOnlyKeys("5f3c_1", "5f3c_2");
			Entry one = Objects.requireNonNull(left(store, "5f3c_1"));
			assertThat(one.of()).isEqualTo(entry(1, null).entry().of());
			assertThat(one.reserved()).isEqualTo(1000);
			assertThat(one.due()).hasSize(1);
			Event due = one.due().getFirst();
			assertThat(due.uniqueId()).isEqualTo("msg_5f3c_1_1");
			assertThat(due.time()).isEqualTo(Instant.parse("2031-05-04T03:02:01Z"));
			assertThat(new String(due.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
			assertThat(left(store, "5f3c_2")).extracting(Entry::state).isEqualTo("new");
		}
	}

	@Test
	void hasAnEntryOnTheDiskWhenItSaysSo() throws Exception {
		Path copy = folder.resolve("copy");
		Files.createDirectories(copy);
		try (FileEventStore store = new FileEventStore(folder, LARGEST)) {
			store.putDurably(entry(1, null));
			Files.copy(folder.resolve(FileEventStore.FILE), copy.resolve(FileEventStore.FILE));
		}
		try (FileEventStore killed = new FileEventStore(copy, LARGEST)) {
			assertThat(killed.left()).containsOnlyKeys("5f3c_1");
		}
	}

	@Test
	void usesTheSpaceOfOldEntriesAgain() throws Exception {
		try (FileEventStore store = new FileEventStore(folder, LARGEST)) {
			for (int i = 0; i < 200_000; i++) {
				store.put(entry(i, null));
				if (i >= 1000) {
					store.remove(entry(i - 1000, null));
				}
			}
			store.putDurably(entry(-1, null));
			assertThat(store.left()).hasSize(1001);
			assertThat(Files.size(folder.resolve(FileEventStore.FILE))).isLessThan(LARGEST);
		}
	}

	@Test
	void takesNoNewEntriesWhenItIsFull(CapturedOutput log) throws Exception {
		try (FileEventStore store = new FileEventStore(folder, 1)) {
			store.putDurably(entry(1, null));
			store.putDurably(entry(2, null));
			assertThat(store.left()).isEmpty();
			assertThat(store.isFailing()).isTrue();
			assertThat(log.getAll().split("is hawser.webhooks.max-size: new connections", -1)).as("it says so once").hasSize(2);
		}
	}

	@Test
	void worksOnInMemoryWhenTheDiskFails(CapturedOutput log) throws Exception {
		AtomicInteger syncs = new AtomicInteger();
		try (FileEventStore store = new FileEventStore(folder, LARGEST, _ -> {
			if (syncs.incrementAndGet() > 1) {
				throw new IllegalStateException("no disk");
			}
		})) {
			store.putDurably(entry(1, null));
			assertThat(store.isDurable()).isTrue();
			assertThat(store.isFailing()).isFalse();
			store.putDurably(entry(2, null));
			assertThat(store.isDurable()).isFalse();
			assertThat(store.isFailing()).isTrue();
			store.putDurably(entry(3, null));
			store.remove(entry(1, null));
			assertThat(log.getAll().split("hawser.webhooks.folder cannot be written any more", -1)).as("it says so once").hasSize(2);
		}
		try (FileEventStore store = new FileEventStore(folder, LARGEST)) {
			assertThat(store.left()).as("what was there before").containsKey("5f3c_1");
		}
	}

	// What stops the start.

	@Test
	void refusesAFileOfANewerHawser() {
		MVStore newer = MVStore.open(folder.resolve(FileEventStore.FILE).toString());
		newer.setStoreVersion(StoreFile.FORMAT + 1);
		newer.openMap("entries").put("a", "b");
		newer.close();
		assertThatThrownBy(() -> new FileEventStore(folder, LARGEST)).isInstanceOf(IllegalArgumentException.class)
				.hasMessage(
						"hawser.webhooks.folder has a file of version 2, and this Hawser reads up to version 1: use the newer Hawser until all"
								+ " its events are delivered, or move webhook-events.mv away.");
	}

	@Test
	void refusesAFileThatAnotherProcessUses() {
		try (FileEventStore _ = new FileEventStore(folder, LARGEST)) {
			assertThatThrownBy(() -> new FileEventStore(folder, LARGEST))
					.hasMessage("hawser.webhooks.folder is in use by another process: give each its own.");
		}
	}

	@Test
	void refusesAFileThatIsDamaged() throws Exception {
		Files.write(folder.resolve(FileEventStore.FILE), new byte[20_000]);
		assertThatThrownBy(() -> new FileEventStore(folder, LARGEST)).isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("move webhook-events.mv away");
	}

	@Test
	void refusesAFolderThatIsAFile() throws Exception {
		Path file = Files.createFile(folder.resolve("file"));
		assertThatThrownBy(() -> new FileEventStore(file, LARGEST))
				.hasMessage("hawser.webhooks.folder cannot be made or written.");
	}
}
