package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * A frame to be sent. Its content never changes, so that one frame serves all receivers of a broadcast: it is encoded once and deflated once. The
 * payload array belongs to the frame from the moment it is made.
 */
public final class OutgoingFrame {
	private static final int FIN = 0x80;
	private static final int RSV1 = 0x40;
	/** Value of the deadline of a frame that has none. */
	private static final long NEVER = Long.MAX_VALUE;
	private static final AtomicIntegerFieldUpdater<OutgoingFrame> HOLDERS = AtomicIntegerFieldUpdater
			.newUpdater(OutgoingFrame.class, "holders");

	private final Opcode opcode;
	private final int firstByte;
	private final byte[] payload;
	private final boolean forMany;
	private final long deadline;
	/** Made when the first receiver needs it; two threads may both make it, which does no harm. */
	private volatile @Nullable OutgoingFrame deflated;
	private volatile @Nullable ByteBuffer encoded;
	private volatile int holders;

	private OutgoingFrame(Opcode opcode, int firstByte, byte[] payload, boolean forMany, long deadline) {
		this.opcode = opcode;
		this.firstByte = firstByte;
		this.payload = payload;
		this.forMany = forMany;
		this.deadline = deadline;
	}

	/**
	 * @param opcode type of the frame
	 * @param fin     whether the frame ends its message
	 * @param payload up to 125 bytes for a control frame, otherwise any length
	 */
	public OutgoingFrame(Opcode opcode, boolean fin, byte[] payload) {
		this(opcode, opcode.code() | (fin ? FIN : 0), payload, false, NEVER);
		if (opcode.isControl() && (!fin || payload.length > 125)) {
			throw new IllegalArgumentException(
					"A " + opcode + " frame carries at most 125 bytes and is never fragmented (RFC 6455 section 5.5); this one has "
							+ payload.length + " bytes, finish=" + fin + ".");
		}
	}

	public static OutgoingFrame text(String text) {
		return new OutgoingFrame(Opcode.TEXT, true, text.getBytes(StandardCharsets.UTF_8));
	}

	public static OutgoingFrame close(CloseStatus status) {
		return new OutgoingFrame(Opcode.CLOSE, true, CloseCodes.body(status));
	}

	/** A whole message for many receivers, which share the bytes of {@link #encoded}. */
	public static OutgoingFrame forMany(Opcode opcode, byte[] payload) {
		return new OutgoingFrame(opcode, opcode.code() | FIN, payload, true, NEVER);
	}

	/** The same frame for many receivers; itself where it is for many already. */
	public OutgoingFrame forMany() {
		return forMany ? this : new OutgoingFrame(opcode, firstByte, payload, true, deadline);
	}

	/** The same frame for a single receiver; itself where it is for one already. */
	public OutgoingFrame forOne() {
		return forMany ? new OutgoingFrame(opcode, firstByte, payload, false, deadline) : this;
	}

	public boolean isForMany() {
		return forMany;
	}

	/**
	 * The same message with a deadline: if it still waits for its peer at that time, it is dropped and not sent.
	 *
	 * @param nanoTime the deadline, on the clock of {@link System#nanoTime}
	 * @throws IllegalStateException for a control frame, and for a fragment, since a peer must get all fragments of a message or
	 *     none
	 */
	public OutgoingFrame until(long nanoTime) {
		if (opcode.isControl() || opcode == Opcode.CONTINUATION || !fin()) {
			throw new IllegalStateException("Only a whole text or binary message may have a deadline, not a " + opcode + " frame, finish="
					+ fin() + ".");
		}
		return new OutgoingFrame(opcode, firstByte, payload, forMany, nanoTime);
	}

	/** A whole message with another content and the same deadline, for as many receivers. The array belongs to the frame. */
	public OutgoingFrame with(Opcode type, byte[] content) {
		return new OutgoingFrame(type, type.code() | FIN, content, forMany, deadline);
	}

	/** Whether the frame has a deadline, see {@link #until}. */
	public boolean expires() {
		return deadline != NEVER;
	}

	/** Whether the deadline has passed. */
	public boolean isExpired(long nanoTime) {
		return expires() && nanoTime - deadline >= 0;
	}

	/** Nanoseconds until the deadline, of a frame that {@link #expires}; negative when it has passed. */
	public long nanosLeft(long nanoTime) {
		return deadline - nanoTime;
	}

	public Opcode opcode() {
		return opcode;
	}

	/** Whether the frame ends its message. */
	public boolean fin() {
		return (firstByte & FIN) != 0;
	}

	/** Bytes of the payload. */
	public int length() {
		return payload.length;
	}

	public byte[] payload() {
		return payload;
	}

	/**
	 * This message, deflated without a shared window (RFC 7692 section 7.2.1); this frame itself if deflating would not make it
	 * smaller.
	 */
	public OutgoingFrame deflatedAlone() {
		OutgoingFrame known = deflated;
		if (known == null) {
			byte[] smaller = MessageDeflater.deflateAlone(payload);
			known = smaller.length < payload.length ? new OutgoingFrame(opcode, firstByte | RSV1, smaller, forMany, deadline) : this;
			deflated = known;
		}
		return known;
	}

	/**
	 * This message, deflated with the window of the messages before it. The peer must receive every such message, in this order and
	 * without a deadline.
	 */
	public OutgoingFrame deflated(MessageDeflater deflater) {
		return new OutgoingFrame(opcode, firstByte | RSV1, deflater.deflate(payload), false, NEVER);
	}

	/** Bytes on the wire: header and payload. */
	public int size() {
		return FrameEncoder.headerSize(payload.length) + payload.length;
	}

	/** Puts the whole frame; {@code out} must have {@link #size} bytes free. */
	public void writeTo(ByteBuffer out) {
		FrameEncoder.header(out, firstByte, payload.length);
		out.put(payload);
	}

	/** The frame's bytes, made once; each caller gets its own view of them. */
	public ByteBuffer encoded() {
		ByteBuffer bytes = encoded;
		if (bytes == null) {
			bytes = ByteBuffer.allocateDirect(size());
			writeTo(bytes);
			bytes.flip();
			encoded = bytes;
		}
		return bytes.duplicate();
	}

	/** One more outbox holds the {@link #encoded} bytes. Returns whether it is the only one. */
	public boolean hold() {
		return HOLDERS.incrementAndGet(this) == 1;
	}

	/** An outbox no longer holds the bytes. Returns whether it was the last one. */
	public boolean release() {
		return HOLDERS.decrementAndGet(this) == 0;
	}
}
