package dev.hawser.protocol;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one connection (RFC 7692 section 7.2.2). It borrows an inflater for each message, so that an idle
 * connection holds none. If messages share a window, only the window is kept between them. Not thread-safe.
 */
final class MessageInflater {
	/** 7.2.2: "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message" */
	static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };
	/** An empty block with BFINAL. */
	private static final byte[] LAST_BLOCK = { 3, 0 };
	private static final Pool<Inflater> FREE = new Pool<>(16, () -> new Inflater(true));

	/** Memory that zlib needs to inflate with a window of 32 KiB, approximately. */
	private static final int INFLATER = 44 * 1024;

	/** Null when the messages do not share a window. */
	private final @Nullable InflaterWindow window;
	/** The inflater of the message that is being read; null between messages. */
	private @Nullable Inflater inflater;

	MessageInflater(boolean takesOver) {
		this.window = takesOver ? new InflaterWindow() : null;
	}

	/** Receives the inflated bytes. */
	interface Sink {
		/** Makes room for at least one more byte; returns the array, to be filled from {@link #position} on. */
		byte[] room() throws ProtocolException;

		int position();

		/** Counts bytes that were put at the position. */
		void advance(int count) throws ProtocolException;
	}

	/** Inflates all of the input into the sink. */
	void inflate(byte[] input, int length, Sink sink) throws ProtocolException {
		Inflater current = inflater();
		current.setInput(input, 0, length);
		try {
			while (true) {
				byte[] target = sink.room();
				int count = current.inflate(target, sink.position(), target.length - sink.position());
				if (count > 0) {
					sink.advance(count);
				}
				else if (current.finished() && current.getRemaining() > 0) {
					restart(current, input, length);
				}
				else if (current.finished() || current.needsInput()) {
					return;
				}
				else if (current.needsDictionary()) {
					throw new ProtocolException(Violation.NOT_DEFLATE);
				}
			}
		}
		catch (DataFormatException e) {
			throw new ProtocolException(Violation.NOT_DEFLATE);
		}
	}

	/**
	 * 7.2.3.4: a block with BFINAL may end the stream within a message; the bytes after it start a new stream, with a new window.
	 */
	private void restart(Inflater current, byte[] input, int length) {
		int rest = current.getRemaining();
		current.reset();
		current.setInput(input, length - rest, rest);
		if (window != null) {
			window.clear();
		}
	}

	/**
	 * Ends a message whose tail has been inflated: returns the inflater to the pool, and keeps the window for the next message.
	 *
	 * @param whole the inflated message
	 * @param size  length of the inflated message in the array
	 * @throws ProtocolException when the message was cut short
	 */
	void endMessage(byte[] whole, int size) throws ProtocolException {
		Inflater current = inflater;
		if (current == null) {
			return;
		}
		inflater = null;
		int sinceRestart = (int) current.getBytesWritten();
		boolean streamEnded = current.finished();
		if (!isBetweenBlocks(current)) {
			current.end();
			throw new ProtocolException(Violation.NOT_DEFLATE);
		}
		current.reset();
		if (!FREE.give(current)) {
			current.end();
		}
		if (window != null && streamEnded) {
			window.clear();
		}
		else if (window != null) {
			window.append(whole, size - sinceRestart, sinceRestart);
		}
	}

	/** Bytes of memory in use, on the heap and outside. */
	int held() {
		return (inflater == null ? 0 : INFLATER) + (window == null ? 0 : window.held());
	}

	/** Releases the memory of a shared window or an unfinished message; the object must not be used after that. */
	void end() {
		if (inflater != null) {
			inflater.end();
			inflater = null;
		}
		if (window != null) {
			window.clear();
		}
	}

	/**
	 * Whether the input ends between two blocks, so that a last block may follow. The inflater must be reset afterwards, since for
	 * it the stream has then ended.
	 */
	private static boolean isBetweenBlocks(Inflater current) {
		current.setInput(LAST_BLOCK);
		try {
			return current.inflate(new byte[1]) == 0 && current.finished();
		}
		catch (DataFormatException e) {
			return false;
		}
	}

	private Inflater inflater() {
		Inflater current = inflater;
		if (current == null) {
			current = FREE.take();
			if (window != null) {
				window.restore(current);
			}
			inflater = current;
		}
		return current;
	}
}
