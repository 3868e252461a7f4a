package dev.hawser.connection;

import dev.hawser.protocol.MessageDeflater;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import org.jspecify.annotations.Nullable;

/** Compresses what one connection sends, where that was agreed on and is worth it. Guarded by the connection's lock. */
final class Compression {
	private final long threshold;
	/** The window that the connection's messages share; null when each stands alone. */
	private final @Nullable MessageDeflater shared;

	Compression(PerMessageDeflate agreed, long threshold) {
		this.threshold = threshold;
		this.shared = agreed.serverTakesOver() ? new MessageDeflater() : null;
	}

	/** The frame as it goes out. Whole messages are compressed; one that is sent in fragments is not. */
	OutgoingFrame apply(OutgoingFrame frame) {
		boolean message = frame.fin() && (frame.opcode() == Opcode.TEXT || frame.opcode() == Opcode.BINARY);
		if (!message || frame.payload().length < threshold) {
			return frame;
		}
		return shared == null ? frame.deflatedAlone() : frame.deflated(shared);
	}
}
