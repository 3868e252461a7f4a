package dev.hawser.connection.outbox;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.MessageDeflater;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the messages of one connection, if that was agreed on and makes them smaller. Used by its {@link Outbox} alone, which
 * holds the lock.
 */
final class OutgoingCompression {
	/** Native memory of a deflater, approximately. */
	private static final long DEFLATER = 256 * 1024;

	private final long threshold;
	private final boolean takesOver;
	private final MemoryBudget.Account account;
	/**
	 * The deflater with the shared window of the connection's messages. Made for the first message, since it needs most of a
	 * connection's memory.
	 */
	private @Nullable MessageDeflater shared;

	/** @param account charged for the deflater */
	OutgoingCompression(PerMessageDeflate agreed, long threshold, MemoryBudget.Account account) {
		this.account = account;
		this.threshold = threshold;
		this.takesOver = agreed.serverTakesOver();
	}

	/**
	 * The frame to be sent. Whole messages are compressed; fragments are not, and while memory is tight neither are those for which
	 * a deflater would have to be made.
	 */
	OutgoingFrame apply(OutgoingFrame frame) {
		boolean message = frame.fin() && (frame.opcode() == Opcode.TEXT || frame.opcode() == Opcode.BINARY);
		if (!message || frame.length() < threshold) {
			return frame;
		}
		if (!takesOver) {
			return frame.deflatedAlone();
		}
		if (shared == null) {
			if (account.isTight()) {
				return frame;
			}
			shared = new MessageDeflater();
			account.add(DEFLATER);
		}
		return frame.deflated(shared);
	}

	/** Releases the window's memory at once, without waiting for the garbage collector. Nothing is sent after that. */
	void end() {
		if (shared != null) {
			shared.end();
			shared = null;
			account.add(-DEFLATER);
		}
	}
}
