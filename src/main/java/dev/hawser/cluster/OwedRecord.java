package dev.hawser.cluster;

import dev.hawser.webhook.EventStore.Kept;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is known here of one record in Redis. Used under its store's lock. */
final class OwedRecord {
	final String name;
	/** What the record shall have; null when it shall be removed. */
	@Nullable
	Kept kept;
	/** Whether it waits to be written. */
	boolean queued;
	/** Number of the first batch that had it; 0 for none. Redis has the record if it has this batch or a later one. */
	long firstBatch;
	/** Its name in the local store; null when it is not there. */
	@Nullable
	String bridge;
	/** Completes when the content of now is in Redis: true, or cannot be written: false. Null when it is not waited for. */
	@Nullable
	CompletableFuture<Boolean> landing;

	OwedRecord(String name) {
		this.name = name;
	}

	boolean wasSent() {
		return firstBatch != 0;
	}

	/** Completes when the content of now is in Redis: true, or cannot be written: false. */
	CompletableFuture<Boolean> landing() {
		if (landing == null) {
			landing = new CompletableFuture<>();
		}
		return landing;
	}

	/** Another node tells of the connection from now on. */
	void handOver() {
		if (kept != null) {
			kept.handedOver();
		}
		landed(false);
	}

	/** Ends the wait for what is written now. */
	void landed(boolean inRedis) {
		if (landing != null) {
			landing.complete(inRedis);
			landing = null;
		}
	}
}
