package dev.hawser.connection;

import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.springframework.web.socket.CloseStatus;

/**
 * The sending side of one connection: limits, the order of fragments, counting. Any thread may call; all methods take the
 * connection's lock.
 */
final class Outbound {
	private final ReentrantLock lock;
	private final Outbox outbox;
	private final long bound;
	private final long largest;
	private final Consumer<IOException> onFailure;
	private final FragmentOrder fragments = new FragmentOrder();
	private long messages;
	private long bytes;

	/** @param onFailure told, under the lock, that the socket broke */
	Outbound(ReentrantLock lock, Transport transport, ConnectionSettings settings, Consumer<IOException> onFailure) {
		this.lock = lock;
		this.bound = settings.outboxSize().toBytes();
		this.largest = Math.max(bound, settings.maxMessageSize().toBytes());
		this.outbox = new Outbox(lock, transport, bound);
		this.onFailure = onFailure;
	}

	/** Sends, queues, holds back or refuses one frame of an established connection. */
	SendResult send(OutgoingFrame frame) {
		lock.lock();
		try {
			if (frame.payload().length > largest) {
				return new SendResult.TooLarge(largest);
			}
			if (fragments.mustWait(frame)) {
				return hold(frame);
			}
			SendResult result = outbox.send(frame);
			if (result.accepted()) {
				count(frame);
				for (OutgoingFrame held : fragments.sent(frame)) {
					outbox.sendLast(held);
					count(held);
				}
			}
			return result;
		}
		catch (IOException e) {
			onFailure.accept(e);
			return SendResult.NOT_FOUND;
		}
		finally {
			lock.unlock();
		}
	}

	private SendResult hold(OutgoingFrame frame) {
		if (queuedBytes() > 0 && queuedBytes() + frame.size() > bound) {
			return new SendResult.Overflowed(bound);
		}
		fragments.hold(frame);
		return new SendResult.Queued(queuedBytes());
	}

	private void count(OutgoingFrame frame) {
		bytes += frame.size();
		if (!frame.opcode().isControl()) {
			messages++;
		}
	}

	/** Sends the close frame behind what waits for the socket; what waits for the end of a fragmented message is dropped. */
	void sendClose(CloseStatus status) {
		lock.lock();
		try {
			fragments.drop();
			OutgoingFrame frame = OutgoingFrame.close(status);
			outbox.sendLast(frame);
			count(frame);
		}
		catch (IOException e) {
			onFailure.accept(e);
		}
		finally {
			lock.unlock();
		}
	}

	/** The opcode that a text or binary frame has to carry now: continuation while a fragmented message is under way. */
	Opcode nextFragment(Opcode first) {
		lock.lock();
		try {
			return fragments.isOpen() ? Opcode.CONTINUATION : first;
		}
		finally {
			lock.unlock();
		}
	}

	/** Frames are gathered from now on, until {@link #uncork}. */
	void cork() {
		outbox.cork();
	}

	/** Sends what was gathered, in one write. */
	void uncork() {
		lock.lock();
		try {
			outbox.uncork();
		}
		catch (IOException e) {
			onFailure.accept(e);
		}
		finally {
			lock.unlock();
		}
	}

	/** Sends what was gathered so far and goes on gathering. */
	void flush() {
		lock.lock();
		try {
			outbox.flush();
		}
		catch (IOException e) {
			onFailure.accept(e);
		}
		finally {
			lock.unlock();
		}
	}

	/** The transport has written what it held. Returns whether nothing is left. */
	boolean written() {
		lock.lock();
		try {
			outbox.written();
			return outbox.isEmpty();
		}
		finally {
			lock.unlock();
		}
	}

	/** Forgets everything; the socket is gone. Called under the lock. */
	void fail() {
		fragments.drop();
		outbox.fail();
	}

	boolean isEmpty() {
		lock.lock();
		try {
			return outbox.isEmpty();
		}
		finally {
			lock.unlock();
		}
	}

	/** Bytes that wait for the socket, or for the end of a fragmented message. */
	long queuedBytes() {
		return outbox.pending() + fragments.heldBytes();
	}

	long messages() {
		return messages;
	}

	long bytes() {
		return bytes;
	}
}
