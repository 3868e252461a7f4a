package dev.hawser.connection.outbox;

import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.limit.MemoryBudget.Account;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.protocol.TextEncoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * The sending side of one connection: accepts messages from any thread, or returns why not. Its state is guarded by the
 * connection's lock: methods for callers other than the connection take the lock, the others assert that it is held.
 */
public final class Outbox {
	private final ConnectionLock lock;
	final WriteQueue queue;
	private final Owner owner;
	/** The result of every send after a close frame or the end; null before. */
	@Nullable
	SendResult refusal;
	/** Null until a message is sent in fragments, which most connections never do. */
	private @Nullable FragmentOrder fragments;

	/** The connection whose messages are sent. */
	public interface Owner {
		/** The socket broke: nothing can be sent any more. Called under the lock. */
		void broken(IOException cause);

		/**
		 * A frame was accepted; {@code payload} in bytes, of a close frame 0. Called without the lock, as {@link #refused}.
		 *
		 * @param content a text, a {@code byte[]} or the frame; null for a close frame
		 */
		void sent(Opcode opcode, int payload, @Nullable Object content);

		/** A frame was too large, or there was no room for it. */
		void refused(SendResult result);

		/** This many messages were dropped, because their deadline passed while they waited. */
		void dropped(int messages);
	}

	/** @param account charged for what waits */
	public Outbox(ConnectionLock lock, Wire wire, SendLimits limits, @Nullable PerMessageDeflate deflate, Account account, Owner owner) {
		this.lock = lock;
		this.queue = new WriteQueue(wire, limits,
				deflate == null ? null : new OutgoingCompression(deflate, limits.compressFrom(), account), account);
		this.owner = owner;
	}

	/** As {@link #send(OutgoingFrame)}, for a whole text message; usually no object is created. */
	public SendResult send(String text) {
		int length = -1;
		SendResult result;
		lock.lock();
		try {
			result = refusal;
			if (result == null && goesOutAsItIs(TextEncoder.atMost(text))) {
				length = queue.putText(text);
				result = length < 0 ? null : queue.accepted();
			}
		}
		catch (IOException e) {
			owner.broken(e);
			result = SendResult.NOT_FOUND;
		}
		finally {
			lock.unlock();
		}
		return result == null ? send(OutgoingFrame.text(text)) : told(result, Opcode.TEXT, length, text);
	}

	/** As {@link #send(OutgoingFrame)}, for a whole binary message; usually no object is created. */
	public SendResult send(byte[] data) {
		int length = -1;
		SendResult result;
		lock.lock();
		try {
			result = refusal;
			if (result == null && goesOutAsItIs(data.length)) {
				length = queue.putBinary(data);
				result = length < 0 ? null : queue.accepted();
			}
		}
		catch (IOException e) {
			owner.broken(e);
			result = SendResult.NOT_FOUND;
		}
		finally {
			lock.unlock();
		}
		return result == null ? send(new OutgoingFrame(Opcode.BINARY, true, data)) : told(result, Opcode.BINARY, length, data);
	}

	/** Sends, queues, holds back or refuses one frame, which must not be a close frame. */
	public SendResult send(OutgoingFrame frame) {
		if (frame.opcode() == Opcode.CLOSE) {
			throw new IllegalArgumentException("A close frame is sent by close(status), which also ends the connection.");
		}
		SendResult result;
		lock.lock();
		try {
			result = refusal == null ? offer(frame) : refusal;
			tellDropped();
		}
		catch (IOException e) {
			owner.broken(e);
			result = SendResult.NOT_FOUND;
		}
		finally {
			lock.unlock();
		}
		return told(result, frame.opcode(), frame.length(), frame);
	}

	/** Whether a whole message of at most this size needs no frame object: it is small enough and sent unchanged. */
	private boolean goesOutAsItIs(long size) {
		return !queue.compresses() && !isFragmented() && size <= queue.limits.largest();
	}

	private SendResult told(SendResult result, Opcode opcode, int length, Object content) {
		if (result.accepted()) {
			owner.sent(opcode, length, content);
		}
		else if (result instanceof SendResult.Overflowed || result instanceof SendResult.TooLarge) {
			owner.refused(result);
		}
		return result;
	}

	private SendResult offer(OutgoingFrame frame) throws IOException {
		if (frame.length() > queue.limits.largest()) {
			return new SendResult.TooLarge(queue.limits.largest());
		}
		if (fragments == null && FragmentOrder.isFragment(frame)) {
			fragments = new FragmentOrder(queue.account);
		}
		return fragments == null ? queue.send(frame) : fragments.send(frame, queue);
	}

	/** Whether a fragmented message is being sent that is not finished. */
	private boolean isFragmented() {
		return fragments != null && fragments.isOpen();
	}

	/** Whether a message lacks a fragment that was refused: the peer must not take later frames for the rest of it. */
	public boolean isBroken() {
		lock.lock();
		try {
			return fragments != null && fragments.isBroken();
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Sends the close frame after the frames that wait for the socket, and refuses all later ones (RFC 6455 section 5.5.1).
	 * Messages that wait for the end of a fragmented message are dropped.
	 *
	 * @param farewell a whole message that goes out right before, whatever waits; null for none. Not sent within a fragmented message.
	 */
	public void sendClose(CloseStatus status, @Nullable OutgoingFrame farewell) {
		assert lock.isHeldByCurrentThread();
		refusal = SendResult.NOT_ESTABLISHED;
		boolean fragmented = isFragmented();
		dropHeld();
		try {
			if (farewell != null && !fragmented) {
				queue.put(farewell);
				lock.afterwards(() -> owner.sent(farewell.opcode(), farewell.length(), farewell));
			}
			queue.put(OutgoingFrame.close(status));
		}
		catch (IOException e) {
			owner.broken(e);
		}
		lock.afterwards(() -> owner.sent(Opcode.CLOSE, 0, null));
	}

	/** The connection has ended: sends the gathered frames, and nothing after them. */
	public void end() {
		assert lock.isHeldByCurrentThread();
		refusal = SendResult.NOT_FOUND;
		flush();
	}

	private void dropHeld() {
		if (fragments != null) {
			fragments.drop();
		}
	}

	/** The opcode that a text or binary frame must have now: continuation within a fragmented message. */
	public Opcode nextFragment(Opcode first) {
		lock.lock();
		try {
			return isFragmented() ? Opcode.CONTINUATION : first;
		}
		finally {
			lock.unlock();
		}
	}

	/** Frames are gathered from now on, until {@link #uncork}. */
	public void cork() {
		lock.lock();
		try {
			queue.cork();
		}
		finally {
			lock.unlock();
		}
	}

	/** Sends the gathered frames in one write. */
	public void uncork() {
		lock.lock();
		try {
			queue.uncork();
		}
		catch (IOException e) {
			owner.broken(e);
		}
		finally {
			lock.unlock();
		}
	}

	/** Sends the frames gathered so far, and continues to gather. */
	public void flush() {
		lock.lock();
		try {
			queue.flush();
		}
		catch (IOException e) {
			owner.broken(e);
		}
		finally {
			lock.unlock();
		}
	}

	/** The wire has written all that it was given. Returns whether nothing is left to send. */
	public boolean written() {
		assert lock.isHeldByCurrentThread();
		queue.written();
		tellDropped();
		return queue.isEmpty();
	}

	private void tellDropped() {
		int dropped = queue.takeDropped();
		if (dropped > 0) {
			lock.afterwards(() -> owner.dropped(dropped));
		}
	}

	/** Drops everything; the socket is gone. */
	public void fail() {
		assert lock.isHeldByCurrentThread();
		dropHeld();
		queue.fail();
	}

	/** Whether nothing is gathered or waits for the socket. */
	public boolean isEmpty() {
		assert lock.isHeldByCurrentThread();
		return queue.isEmpty();
	}

	/** Bytes that wait for the socket, or for the end of a fragmented message. */
	public long queuedBytes() {
		lock.lock();
		try {
			return queue.pending() + (fragments == null ? 0 : fragments.heldBytes());
		}
		finally {
			lock.unlock();
		}
	}

	/** Text and binary messages sent, each fragment counted. */
	public long messages() {
		assert lock.isHeldByCurrentThread();
		return queue.messages();
	}

	/** Bytes sent, headers and control frames included. */
	public long bytes() {
		assert lock.isHeldByCurrentThread();
		return queue.bytes();
	}
}
