package dev.hawser.connection.outbox;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.OutgoingFrame;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that the wire has been given and not yet written, charged to the connection until {@link #end}. Used by its
 * {@link WriteQueue} alone.
 */
final class InFlight {
	private final MemoryBudget.Account account;
	private final long bytes;
	/** Memory that only this outbox has. */
	private final long memory;
	/** The frame whose encoded bytes these are, which other outboxes may have too; null for bytes of this outbox alone. */
	private final @Nullable OutgoingFrame shared;

	private InFlight(MemoryBudget.Account account, long bytes, long memory, @Nullable OutgoingFrame shared) {
		this.account = account;
		this.bytes = bytes;
		this.memory = memory;
		this.shared = shared;
	}

	/** Bytes that no other outbox has. */
	static InFlight own(long bytes, MemoryBudget.Account account) {
		account.add(bytes);
		return new InFlight(account, bytes, bytes, null);
	}

	/** The last bytes of a frame that others get too. */
	static InFlight shared(long bytes, OutgoingFrame frame, MemoryBudget.Account account) {
		account.add(frame);
		return new InFlight(account, bytes, 0, frame);
	}

	/** All frames that waited, whose memory has been charged already. */
	static InFlight of(Backlog backlog, MemoryBudget.Account account) {
		return new InFlight(account, backlog.bytes(), backlog.memory(), null);
	}

	/** Bytes that were left when the wire was given them. */
	long bytes() {
		return bytes;
	}

	/** The wire has written them, or never will. Called once. */
	void end() {
		if (memory > 0) {
			account.add(-memory);
		}
		if (shared != null) {
			account.remove(shared);
		}
	}
}
