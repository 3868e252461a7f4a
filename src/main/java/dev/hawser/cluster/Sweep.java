package dev.hawser.cluster;

import org.jspecify.annotations.Nullable;

/**
 * Removes what Redis has again although it was removed, which is so after Redis has lost its last changes. Used under its store's lock,
 * which it takes when Redis answers.
 */
final class Sweep {
	private final OwedRedis redis;
	private final OwedLock lock;
	/** Where the next page begins; null when there is nothing to sweep. */
	private @Nullable String cursor;

	Sweep(OwedRedis redis, OwedLock lock) {
		this.redis = redis;
		this.lock = lock;
	}

	void begin() {
		cursor = "0";
	}

	void end() {
		cursor = null;
	}

	/** Looks at the next page, if there is one. */
	void turn(OwedRecords records) {
		String from = cursor;
		if (from != null) {
			var _ = redis.page(records.home(), from).whenComplete(lock.then((page, _) -> {
				if (page != null && from.equals(cursor) && !records.isClosed()) {
					page.records().keySet().stream().filter(name -> records.get(name) == null).forEach(records::removeUnknown);
					cursor = page.next().equals("0") ? null : page.next();
				}
			}));
		}
	}
}
