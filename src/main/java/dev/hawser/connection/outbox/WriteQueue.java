package dev.hawser.connection.outbox;

import dev.hawser.api.SendResult;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.FrameEncoder;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.TextEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames on their way to one peer, in order, with a limit in bytes; never blocks. Used by its {@link Outbox} alone, which holds
 * the lock.
 *
 * <p>While the queue is corked, frames gather in one borrowed buffer that is sent in one write at {@link #uncork}. Otherwise each
 * frame is offered to the socket at once. Bytes that the socket does not take are copied to the heap and wait.
 */
final class WriteQueue {
	private final Wire wire;
	final SendLimits limits;
	private final @Nullable OutgoingCompression compression;
	private boolean corked;
	/** Gathered while corked; null when empty. */
	private @Nullable FrameBuffer gathered;
	/** What the wire has not written yet; null for nothing. */
	private @Nullable InFlight inFlight;
	final MemoryBudget.Account account;
	/** Frames that wait for the write in flight; null when empty. */
	private @Nullable Backlog waiting;
	private boolean failed;
	private long messages;
	private long bytes;
	/** Messages that were dropped since the last {@link #takeDropped}. */
	private int dropped;

	/**
	 * @param compression null when nothing is compressed
	 * @param account     charged for what waits for the socket
	 */
	WriteQueue(Wire wire, SendLimits limits, @Nullable OutgoingCompression compression, MemoryBudget.Account account) {
		this.wire = wire;
		this.limits = limits;
		this.compression = compression;
		this.account = account;
	}

	long bound() {
		return limits.bound();
	}

	boolean compresses() {
		return compression != null;
	}

	/** Whether this many more bytes exceed the bound. Always false while nothing waits. */
	boolean isOverfullWith(int size) {
		if (pending() + size > limits.bound()) {
			dropExpired();
		}
		return pending() > 0 && pending() + size > limits.bound();
	}

	SendResult send(OutgoingFrame frame) throws IOException {
		if (isOverfullWith(frame.size())) {
			return overflowed();
		}
		put(frame);
		return accepted();
	}

	SendResult overflowed() {
		return new SendResult.Overflowed(limits.bound());
	}

	/** The result for the frame that was just put. */
	SendResult accepted() {
		long queued = pending();
		return queued == 0 ? SendResult.SENT : new SendResult.Queued(queued);
	}

	/**
	 * Takes the frame, however many bytes wait.
	 *
	 * @throws IOException when the socket is broken; nothing can be sent any more
	 */
	void put(OutgoingFrame frame) throws IOException {
		if (failed) {
			return;
		}
		if (frame.expires() && frame.isExpired(limits.clock().getAsLong())) {
			dropped++;
			return;
		}
		// from here on the frame will be sent: a deflater whose window is shared has seen it
		OutgoingFrame ready = compression == null ? frame : compression.apply(frame);
		write(ready, ready.size());
		bytes += ready.size();
		if (!ready.opcode().isControl()) {
			messages++;
		}
	}

	private void write(OutgoingFrame frame, int size) throws IOException {
		if (inFlight != null) {
			enqueue(frame);
			return;
		}
		if (gathered != null && gathered.remaining() < size) {
			flush();
			if (inFlight != null) {
				enqueue(frame);
				return;
			}
		}
		if (frame.isForMany() && gathered == null && !corked) {
			offerShared(frame);
			return;
		}
		if (size > FrameBuffer.SIZE) {
			ByteBuffer whole = ByteBuffer.allocate(size);
			frame.writeTo(whole);
			offer(whole.flip());
			return;
		}
		if (gathered == null) {
			gathered = FrameBuffer.acquire();
		}
		gathered.put(frame);
		if (!corked) {
			flush();
		}
	}

	/**
	 * Takes a whole text message without creating a frame or an array, if nothing waits before it and it surely fits.
	 *
	 * @return bytes of its payload; negative when it must be put as a frame
	 * @throws IOException as {@link #put}
	 */
	int putText(String text) throws IOException {
		if (failed || inFlight != null || TextEncoder.atMost(text) > (gathered == null ? FrameBuffer.SIZE : gathered.remaining())) {
			return -1;
		}
		if (gathered == null) {
			gathered = FrameBuffer.acquire();
		}
		int length = gathered.put(text);
		if (!corked) {
			flush();
		}
		count(length);
		return length;
	}

	/** As {@link #putText}, for a whole binary message. */
	int putBinary(byte[] data) throws IOException {
		if (failed || inFlight != null
				|| FrameEncoder.MAX_HEADER + data.length > (gathered == null ? FrameBuffer.SIZE : gathered.remaining())) {
			return -1;
		}
		if (gathered == null) {
			gathered = FrameBuffer.acquire();
		}
		gathered.put(data);
		if (!corked) {
			flush();
		}
		count(data.length);
		return data.length;
	}

	private void count(int payload) {
		messages++;
		bytes += FrameEncoder.headerSize(payload) + payload;
	}

	/** Frames are gathered from now on, until {@link #uncork}. */
	void cork() {
		corked = true;
	}

	/** Offers the gathered frames to the socket; later frames are offered at once. */
	void uncork() throws IOException {
		corked = false;
		flush();
	}

	/** Offers the frames gathered so far, corked or not. */
	void flush() throws IOException {
		FrameBuffer buffer = gathered;
		if (buffer == null) {
			return;
		}
		gathered = null;
		try {
			offer(buffer.flip());
		}
		finally {
			buffer.release();
		}
	}

	/** Offers the buffer to the idle socket. The rest is copied, since the buffer returns to the pool. */
	private void offer(ByteBuffer buffer) throws IOException {
		if (failed || wire.flush(buffer)) {
			return;
		}
		ByteBuffer rest = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
		inFlight = InFlight.own(rest.remaining(), account);
		wire.write(rest);
	}

	/** Offers bytes that never change, so that the rest need not be copied. */
	private void offerShared(OutgoingFrame frame) throws IOException {
		ByteBuffer bytes = frame.encoded();
		if (wire.flush(bytes)) {
			return;
		}
		inFlight = InFlight.shared(bytes.remaining(), frame, account);
		wire.write(bytes);
	}

	private void enqueue(OutgoingFrame frame) {
		if (waiting == null) {
			waiting = new Backlog(account);
		}
		waiting.add(frame);
	}

	private void dropExpired() {
		if (waiting != null) {
			dropped += waiting.dropExpired(limits.clock().getAsLong());
		}
	}

	/** The number of messages that were dropped since the last call. */
	int takeDropped() {
		int count = dropped;
		dropped = 0;
		return count;
	}

	/** The wire has written all that it was given: gives it the next bytes. */
	void written() {
		endFlight();
		dropExpired();
		Backlog next = waiting;
		waiting = null;
		if (next == null || next.isEmpty()) {
			return;
		}
		inFlight = InFlight.of(next, account);
		wire.write(next.buffers());
	}

	private void endFlight() {
		if (inFlight != null) {
			inFlight.end();
			inFlight = null;
		}
	}

	/** The socket is gone: drops everything and takes nothing more. */
	void fail() {
		failed = true;
		endFlight();
		if (waiting != null) {
			waiting.drop();
			waiting = null;
		}
		if (gathered != null) {
			gathered.release();
			gathered = null;
		}
		if (compression != null) {
			compression.end();
		}
	}

	/** Text and binary messages that were put, each fragment counted. */
	long messages() {
		return messages;
	}

	/** Bytes that were put, headers and control frames included. */
	long bytes() {
		return bytes;
	}

	/** Bytes that the socket has not taken yet. */
	long pending() {
		return (inFlight == null ? 0 : inFlight.bytes()) + (waiting == null ? 0 : waiting.bytes());
	}

	/** Whether nothing is gathered, in flight or waiting. */
	boolean isEmpty() {
		return gathered == null && inFlight == null;
	}
}
