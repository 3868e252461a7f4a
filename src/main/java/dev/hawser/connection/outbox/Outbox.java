package dev.hawser.connection.outbox;

import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.protocol.TextEncoder;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * The sending side of one connection: takes messages from any thread, or says why not. Its state is guarded by the connection's lock:
 * methods that more than the connection itself calls take it, the others assert that it is held.
 */
public final class Outbox {
	private final ConnectionLock lock;
	private final WriteQueue queue;
	private final Limits limits;
	private final Owner owner;
	/** The answer to every send once a close frame is sent or the connection over; null before. */
	private @Nullable SendResult refusal;
	/** Null as long as nothing has been sent in fragments, which is for most connections' whole life. */
	private @Nullable FragmentOrder fragments;

	/**
	 * How much a connection may send at a time. One object serves all connections of a hub.
	 *
	 * @param bound        bytes that may wait for the socket; nothing is refused while nothing waits
	 * @param largest      bytes of payload that a message may have
	 * @param compressFrom bytes of payload from which on a message is compressed, where that was agreed on
	 * @param clock        tells {@link System#nanoTime}, by which messages expire
	 */
	public record Limits(long bound, long largest, long compressFrom, LongSupplier clock) {
	}

	/** Whose messages it sends. */
	public interface Owner {
		/** The socket broke: nothing can be sent any more. Called under the lock. */
		void broken(IOException cause);

		/** A frame was accepted; {@code payload} in bytes, of a close frame 0. Called without the lock, as {@link #refused}. */
		void sent(Opcode opcode, int payload);

		/** A frame was too large, or there was no room for it. */
		void refused(SendResult result);

		/** So many messages were dropped, since they were good only until a moment that came while they waited. */
		void dropped(int messages);
	}

	/** @param lock the owner's */
	public Outbox(ConnectionLock lock, Wire wire, Limits limits, @Nullable PerMessageDeflate deflate, Owner owner) {
		this.lock = lock;
		this.queue = new WriteQueue(wire, limits,
				deflate == null ? null : new OutgoingCompression(deflate, limits.compressFrom()));
		this.limits = limits;
		this.owner = owner;
	}

	/** As {@link #send(OutgoingFrame)}, a whole text message; in the ordinary case no object is made for it. */
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
		return result == null ? send(OutgoingFrame.text(text)) : told(result, Opcode.TEXT, length);
	}

	/** As {@link #send(OutgoingFrame)}, a whole binary message; in the ordinary case no object is made for it. */
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
		return result == null ? send(new OutgoingFrame(Opcode.BINARY, true, data)) : told(result, Opcode.BINARY, length);
	}

	/** Sends, queues, holds back or refuses one frame, which is no close frame. */
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
		return told(result, frame.opcode(), frame.length());
	}

	/** Whether a whole message of at most this size needs no frame object: it is small enough, and nothing is to be done with it. */
	private boolean goesOutAsItIs(long size) {
		return !queue.compresses() && !isFragmented() && size <= limits.largest();
	}

	private SendResult told(SendResult result, Opcode opcode, int length) {
		if (result.accepted()) {
			owner.sent(opcode, length);
		}
		else if (result instanceof SendResult.Overflowed || result instanceof SendResult.TooLarge) {
			owner.refused(result);
		}
		return result;
	}

	private SendResult offer(OutgoingFrame frame) throws IOException {
		if (frame.length() > limits.largest()) {
			return new SendResult.TooLarge(limits.largest());
		}
		if (fragments == null && FragmentOrder.isFragment(frame)) {
			fragments = new FragmentOrder();
		}
		return fragments == null ? queue.send(frame) : fragments.send(frame, queue);
	}

	/** Whether a message is under way of which fragments are still to come. */
	private boolean isFragmented() {
		return fragments != null && fragments.isOpen();
	}

	/** Whether a message lacks a fragment that was refused: the peer must not take what would follow for the rest of it. */
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
	 * Sends the close frame behind what waits for the socket, and refuses what comes after it (RFC 6455 section 5.5.1); what waits
	 * for the end of a fragmented message is dropped.
	 */
	public void sendClose(CloseStatus status) {
		assert lock.isHeldByCurrentThread();
		refusal = SendResult.NOT_ESTABLISHED;
		dropHeld();
		try {
			queue.put(OutgoingFrame.close(status));
		}
		catch (IOException e) {
			owner.broken(e);
		}
		lock.afterwards(() -> owner.sent(Opcode.CLOSE, 0));
	}

	/** The connection is over: sends what was gathered, and nothing after it. */
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

	/** The opcode that a text or binary frame has to carry now: continuation while a fragmented message is under way. */
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

	/** Sends what was gathered, in one write. */
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

	/** Sends what was gathered so far, and gathers on. */
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

	/** The wire has written what it held. Returns whether nothing is left. */
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

	/** Forgets everything; the socket is gone. */
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
