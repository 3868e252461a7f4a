package dev.hawser.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a reader knows of the frame and of the message that it is in the middle of. Most reads end between two messages: then this goes to
 * the next connection that is read, and an idle connection is 4 % smaller. Not thread-safe.
 */
final class OpenFrame {
	static final byte[] EMPTY = new byte[0];
	/** Those without a frame and a message. */
	static final Pool<OpenFrame> FREE = new Pool<>(64, () -> new OpenFrame(null));

	final FrameDecoder decoder = new FrameDecoder();
	final MessageAssembler message;
	boolean inPayload;
	/** Payload of the control frame that is being read, which may be split. */
	byte[] control = EMPTY;

	/** @param inflater of one connection, which then keeps this object; null where messages are not compressed */
	OpenFrame(@Nullable MessageInflater inflater) {
		this.message = new MessageAssembler(inflater);
	}

	/** Whether any connection could go on with this. */
	boolean isAtRest() {
		return !inPayload && !decoder.isInHeader() && message.assembled() < 0 && !message.inflates();
	}
}
