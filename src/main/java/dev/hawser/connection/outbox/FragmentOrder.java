package dev.hawser.connection.outbox;

import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps whole messages out of a message that is being sent in fragments (RFC 6455 section 5.4): they wait until its last
 * fragment. Control frames pass. Guarded by the connection's lock.
 */
final class FragmentOrder {
	private boolean open;
	/** Whether the first fragment of a message was refused, so that the others have nothing to continue. */
	private boolean refusing;
	private long heldBytes;
	private @Nullable ArrayDeque<OutgoingFrame> held;

	/** Whether the frame is a part of a message: the first such one begins what is kept here. */
	static boolean isFragment(OutgoingFrame frame) {
		return !frame.fin() || frame.opcode() == Opcode.CONTINUATION;
	}

	/** Whether a fragmented message is being sent. */
	boolean isOpen() {
		return open;
	}

	/** Whether the frame continues a message whose first fragment was refused: then it must be refused, too. */
	boolean continuesRefused(OutgoingFrame frame) {
		return refusing && frame.opcode() == Opcode.CONTINUATION;
	}

	/** There was no room for the frame. */
	void refused(OutgoingFrame frame) {
		boolean whole = frame.fin() && frame.opcode() != Opcode.CONTINUATION; // a control frame is one, too
		if (!open && !whole) {
			refusing = !frame.fin();
		}
	}

	/** Whether the frame must wait for the end of the fragmented message; it is then {@link #hold held}. */
	boolean mustWait(OutgoingFrame frame) {
		if (frame.opcode() == Opcode.CONTINUATION && !open) {
			throw new IllegalArgumentException("A continuation frame needs a message to continue: push the first fragment with"
					+ " opcode TEXT or BINARY and finish=false (RFC 6455 section 5.4).");
		}
		boolean opens = !frame.opcode().isControl() && frame.opcode() != Opcode.CONTINUATION;
		if (open && opens && !frame.fin()) {
			throw new IllegalStateException("A fragmented message is under way on this connection: push its last fragment"
					+ " (opcode CONTINUATION, finish=true) before the first of another (RFC 6455 section 5.4).");
		}
		return open && opens;
	}

	void hold(OutgoingFrame frame) {
		if (held == null) {
			held = new ArrayDeque<>();
		}
		held.add(frame);
		heldBytes += frame.size();
	}

	/** The frame has been sent. Returns those that may follow it now, in order. */
	List<OutgoingFrame> sent(OutgoingFrame frame) {
		if (frame.opcode().isControl()) {
			return List.of();
		}
		open = !frame.fin();
		refusing &= frame.fin();
		if (open || held == null) {
			return List.of();
		}
		List<OutgoingFrame> free = List.copyOf(held);
		held = null;
		heldBytes = 0;
		return free;
	}

	/** Nothing can follow any more: forgets what was held. */
	void drop() {
		held = null;
		heldBytes = 0;
	}

	long heldBytes() {
		return heldBytes;
	}
}
