package dev.hawser.connection.outbox;

import dev.hawser.api.SendResult;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.connection.Transport;
import dev.hawser.protocol.FrameEncoder;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.protocol.TextEncoder;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * The sending side of one connection: limits, the order of fragments, counting. Any thread may call what takes the connection's
 * lock; the rest says who must hold it.
 */
public final class Outbox {
	private final ReentrantLock lock;
	private final WriteQueue outbox;
	private final ConnectionSettings settings;
	private final Consumer<IOException> onFailure;
	private final @Nullable OutgoingCompression compression;
	/** Null as long as nothing has been sent in fragments, which is for most connections' whole life. */
	private @Nullable FragmentOrder fragments;
	private boolean broken;
	private long messages;
	private long bytes;

	/** @param onFailure told, under the lock, that the socket broke */
	public Outbox(ReentrantLock lock, Transport transport, ConnectionSettings settings, @Nullable PerMessageDeflate deflate,
			Consumer<IOException> onFailure) {
		this.compression = deflate == null ? null : new OutgoingCompression(deflate, settings.compression().threshold().toBytes());
		this.lock = lock;
		this.settings = settings;
		this.outbox = new WriteQueue(transport, bound());
		this.onFailure = onFailure;
	}

	/** Sends, queues, holds back or refuses one frame of an established connection. */
	public SendResult send(OutgoingFrame frame) {
		lock.lock();
		try {
			if (frame.length() > largest()) {
				return new SendResult.TooLarge(largest());
			}
			if (fragments == null && FragmentOrder.isFragment(frame)) {
				fragments = new FragmentOrder();
			}
			return fragments == null ? sendWhole(frame) : sendInOrder(frame, fragments);
		}
		catch (IOException e) {
			onFailure.accept(e);
			return SendResult.NOT_FOUND;
		}
		finally {
			lock.unlock();
		}
	}

	/** Frames that wait for the socket may have so many bytes. */
	private long bound() {
		return settings.outboxSize().toBytes();
	}

	/** No message may be larger. */
	private long largest() {
		return Math.max(bound(), settings.maxMessageSize().toBytes());
	}

	private SendResult sendWhole(OutgoingFrame frame) throws IOException {
		if (outbox.isOverfullWith(frame.size())) {
			return new SendResult.Overflowed(bound());
		}
		put(frame);
		return accepted();
	}

	private SendResult sendInOrder(OutgoingFrame frame, FragmentOrder order) throws IOException {
		if (order.continuesRefused(frame)) {
			return refuse(frame, order);
		}
		if (order.mustWait(frame)) {
			return hold(frame, order);
		}
		if (outbox.isOverfullWith(frame.size())) {
			return refuse(frame, order);
		}
		put(frame);
		for (OutgoingFrame held : order.sent(frame)) {
			put(held);
		}
		return accepted();
	}

	/**
	 * Sends a whole text message in the ordinary case: nothing waits, it is small, and goes out as it is. Called under the lock.
	 *
	 * @return bytes of its payload; negative when nothing was done, since it is no ordinary case or the socket is broken
	 */
	public int sendText(String text) {
		if (compression != null || isFragmented() || TextEncoder.atMost(text) > largest()) {
			return -1;
		}
		try {
			return counted(outbox.putText(text));
		}
		catch (IOException e) {
			onFailure.accept(e);
			return -1;
		}
	}

	/** As {@link #sendText}, for a whole binary message. */
	public int sendBinary(byte[] data) {
		if (compression != null || isFragmented() || data.length > largest()) {
			return -1;
		}
		try {
			return counted(outbox.putBinary(data));
		}
		catch (IOException e) {
			onFailure.accept(e);
			return -1;
		}
	}

	private int counted(int length) {
		if (length >= 0) {
			bytes += FrameEncoder.headerSize(length) + length;
			messages++;
		}
		return length;
	}

	/** Whether a message is under way of which fragments are still to come. */
	private boolean isFragmented() {
		return fragments != null && fragments.isOpen();
	}

	/** The result for what was just sent. Called under the lock. */
	public SendResult accepted() {
		long queued = outbox.pending();
		return queued == 0 ? SendResult.SENT : new SendResult.Queued(queued);
	}

	private SendResult refuse(OutgoingFrame frame, FragmentOrder order) {
		broken |= order.isOpen() && frame.opcode() == Opcode.CONTINUATION;
		order.refused(frame);
		return new SendResult.Overflowed(bound());
	}

	/** Whether a message lacks a fragment that was refused: the peer must not take what would follow for the rest of it. */
	public boolean isBroken() {
		lock.lock();
		try {
			return broken;
		}
		finally {
			lock.unlock();
		}
	}

	/** From here on the frame will be sent: a deflater whose window is shared has seen it. */
	private void put(OutgoingFrame frame) throws IOException {
		OutgoingFrame ready = compression == null ? frame : compression.apply(frame);
		outbox.put(ready);
		bytes += ready.size();
		if (!ready.opcode().isControl()) {
			messages++;
		}
	}

	private void dropHeld() {
		if (fragments != null) {
			fragments.drop();
		}
	}

	private SendResult hold(OutgoingFrame frame, FragmentOrder order) {
		if (queuedBytes() > 0 && queuedBytes() + frame.size() > bound()) {
			return new SendResult.Overflowed(bound());
		}
		order.hold(frame);
		return new SendResult.Queued(queuedBytes());
	}

	/** Sends the close frame behind what waits for the socket; what waits for the end of a fragmented message is dropped. */
	public void sendClose(CloseStatus status) {
		lock.lock();
		try {
			dropHeld();
			put(OutgoingFrame.close(status));
		}
		catch (IOException e) {
			onFailure.accept(e);
		}
		finally {
			lock.unlock();
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
			outbox.cork();
		}
		finally {
			lock.unlock();
		}
	}

	/** Sends what was gathered, in one write. */
	public void uncork() {
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
	public void flush() {
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
	public boolean written() {
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
	public void fail() {
		dropHeld();
		outbox.fail();
		if (compression != null) {
			compression.end();
		}
	}

	public boolean isEmpty() {
		lock.lock();
		try {
			return outbox.isEmpty();
		}
		finally {
			lock.unlock();
		}
	}

	/** Bytes that wait for the socket, or for the end of a fragmented message. Called under the lock, as what follows. */
	public long queuedBytes() {
		return outbox.pending() + (fragments == null ? 0 : fragments.heldBytes());
	}

	public long messages() {
		return messages;
	}

	public long bytes() {
		return bytes;
	}
}
