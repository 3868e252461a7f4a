package dev.hawser.connection.outbox;

import dev.hawser.protocol.MessageDeflater;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import org.jspecify.annotations.Nullable;

/** Compresses what one connection sends, where that was agreed on and is worth it. Used by its {@link Outbox} alone, which holds the lock. */
final class OutgoingCompression {
	private final long threshold;
	private final boolean takesOver;
	/** The window that the connection's messages share: made for the first, since it is most of what a connection weighs. */
	private @Nullable MessageDeflater shared;

	OutgoingCompression(PerMessageDeflate agreed, long threshold) {
		this.threshold = threshold;
		this.takesOver = agreed.serverTakesOver();
	}

	/** The frame as it goes out. Whole messages are compressed; one that is sent in fragments is not. */
	OutgoingFrame apply(OutgoingFrame frame) {
		boolean message = frame.fin() && (frame.opcode() == Opcode.TEXT || frame.opcode() == Opcode.BINARY);
		if (!message || frame.length() < threshold) {
			return frame;
		}
		if (!takesOver) {
			return frame.deflatedAlone();
		}
		if (shared == null) {
			shared = new MessageDeflater();
		}
		return frame.deflated(shared);
	}

	/** Nothing is sent any more: gives the window's memory back now, and not when the collector comes by. */
	void end() {
		if (shared != null) {
			shared.end();
			shared = null;
		}
	}
}
