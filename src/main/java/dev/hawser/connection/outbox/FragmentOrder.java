package dev.hawser.connection.outbox;

import dev.hawser.api.SendResult;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps whole messages out of a message that is being sent in fragments (RFC 6455 section 5.4): they wait until its last fragment.
 * Control frames do not wait. Used by its {@link Outbox} alone, which holds the lock.
 */
final class FragmentOrder {
	private final MemoryBudget.Account account;
	private boolean open;
	/** Whether the first fragment of a message was refused, so that the others must be refused too. */
	private boolean refusing;
	/** Whether a later fragment of a message was refused, so that the message is incomplete. */
	private boolean broken;
	private long heldBytes;
	private @Nullable ArrayDeque<OutgoingFrame> held;

	/** @param account charged for what waits */
	FragmentOrder(MemoryBudget.Account account) {
		this.account = account;
	}

	/** Whether the frame is only a part of a message. */
	static boolean isFragment(OutgoingFrame frame) {
		return !frame.fin() || frame.opcode() == Opcode.CONTINUATION;
	}

	/** Whether a fragmented message is being sent. */
	boolean isOpen() {
		return open;
	}

	/** Sends the frame when its turn has come: now, after the fragmented message that is under way, or never. */
	SendResult send(OutgoingFrame frame, WriteQueue queue) throws IOException {
		if (refusing && frame.opcode() == Opcode.CONTINUATION) { // continues a message whose first fragment was refused
			return refuse(frame, queue);
		}
		if (mustWait(frame)) {
			return hold(frame, queue);
		}
		if (queue.isOverfullWith(frame.size())) {
			return refuse(frame, queue);
		}
		queue.put(frame);
		for (OutgoingFrame free : sent(frame)) {
			queue.put(free);
		}
		return queue.accepted();
	}

	private SendResult refuse(OutgoingFrame frame, WriteQueue queue) {
		broken |= open && frame.opcode() == Opcode.CONTINUATION;
		boolean whole = frame.fin() && frame.opcode() != Opcode.CONTINUATION; // a control frame counts as whole
		if (!open && !whole) {
			refusing = !frame.fin();
		}
		return queue.overflowed();
	}

	/** Whether the frame must wait for the end of the fragmented message. */
	private boolean mustWait(OutgoingFrame frame) {
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

	/** Whether a message lacks a fragment that was refused: the peer must not take later frames for the rest of it. */
	boolean isBroken() {
		return broken;
	}

	private SendResult hold(OutgoingFrame frame, WriteQueue queue) {
		long waiting = queue.pending() + heldBytes;
		if (waiting > 0 && waiting + frame.size() > queue.bound()) {
			return queue.overflowed();
		}
		if (held == null) {
			held = new ArrayDeque<>();
		}
		held.add(frame);
		heldBytes += frame.size();
		account.add(frame.size());
		return new SendResult.Queued(waiting + frame.size());
	}

	/** The frame has been sent. Returns those that may follow it now, in order. */
	private List<OutgoingFrame> sent(OutgoingFrame frame) {
		if (frame.opcode().isControl()) {
			return List.of();
		}
		open = !frame.fin();
		refusing &= frame.fin();
		if (open || held == null) {
			return List.of();
		}
		List<OutgoingFrame> free = List.copyOf(held);
		drop();
		return free;
	}

	/** Forgets the frames that wait. */
	void drop() {
		if (held != null) {
			held = null;
			account.add(-heldBytes);
			heldBytes = 0;
		}
	}

	long heldBytes() {
		return heldBytes;
	}
}
