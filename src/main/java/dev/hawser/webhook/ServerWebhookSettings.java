package dev.hawser.webhook;

import dev.hawser.settings.SettingCheck;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What becomes of events that have to be delivered and that a backend does not take.
 *
 * @param maxUndelivered most connections whose connected and disconnected events wait for their backends; those of further ones
 *     become dead letters
 * @param folder         folder in which they are kept, so that they outlive this process; it belongs to one process. In memory when it
 *     is not set
 * @param maxSize        most bytes of the file in the folder
 * @param maxAge         how long connected and disconnected events wait for their backends; then they become dead letters
 * @param deadLettersSize most bytes of the events that were not delivered and are kept for an operator, with Redis of all nodes together; the
 *     oldest make room for new ones
 */
@ConfigurationProperties("hawser.webhooks")
record ServerWebhookSettings(@Nullable String folder, @DefaultValue("256MB") DataSize maxSize, @DefaultValue("100000") int maxUndelivered,
		@DefaultValue("1h") Duration maxAge, @DefaultValue("32MB") DataSize deadLettersSize) {
	private static final Logger LOG = LoggerFactory.getLogger(ServerWebhookSettings.class);
	private static final DataSize SMALLEST = DataSize.ofMegabytes(1);
	private static final DataSize LARGEST = DataSize.ofTerabytes(1);
	private static final SettingCheck CHECK = new SettingCheck("hawser.webhooks");

	ServerWebhookSettings {
		CHECK.notNegative("max-undelivered", maxUndelivered, "with 0 no event waits");
		CHECK.positive("max-age", maxAge, "the default is 1h");
		CHECK.between("max-size", maxSize, SMALLEST, LARGEST, "1MB and 1TB", "the default is 256MB");
		CHECK.between("dead-letters-size", deadLettersSize, SMALLEST, LARGEST, "1MB and 1TB", "the default is 32MB");
		CHECK.require(folder == null || !folder.isBlank(), "folder must not be empty: leave it out to keep events in memory.");
	}

	/**
	 * Opens the store.
	 *
	 * @param shared where all nodes find what is owed; null for a node alone
	 */
	EventStore store(@Nullable SharedStores shared) {
		if (shared != null) {
			return shared.events(folder == null ? EventStore.NONE : new FileEventStore(Path.of(folder), maxSize.toBytes()));
		}
		if (folder == null) {
			LOG.info(
					"Events for backends are kept in memory only, since hawser.webhooks.folder is not set: a restart loses those that wait, and"
							+ " dead letters");
			return EventStore.NONE;
		}
		return new FileEventStore(Path.of(folder), maxSize.toBytes());
	}

	/**
	 * Opens the dead letters, once the store is open.
	 *
	 * @param shared where all nodes find them; null for a node alone
	 */
	Letters deadLetters(@Nullable SharedStores shared, WebhookMeters meters) {
		DeadLetters local = new DeadLetters(folder == null ? null : Path.of(folder), deadLettersSize.toBytes(), meters);
		return shared == null ? local : new SharedDeadLetters(local, shared.letters(), deadLettersSize.toBytes(), meters);
	}
}
