package dev.hawser.protocol;

import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Deflates messages (RFC 7692 section 7.2.1): as one of a pool for messages that stand alone, or as the one of a connection
 * whose messages share a window, in the order in which they are sent. An object holds about 256 KiB of native memory until
 * {@link #end}. Not thread-safe.
 */
public final class MessageDeflater {
	private static final Pool<Deflater> FREE = new Pool<>(16, MessageDeflater::make);
	private static final byte[] EMPTY_BLOCK = { 0 };

	private final Deflater deflater = make();

	private static Deflater make() {
		return new Deflater(Deflater.DEFAULT_COMPRESSION, true);
	}

	/** Deflates the next message. */
	public byte[] deflate(byte[] message) {
		return deflate(message, deflater);
	}

	/** Gives its memory back; it cannot be used any more. */
	public void end() {
		deflater.end();
	}

	/** Deflates a message that stands alone: whoever has agreed on permessage-deflate can read it. */
	static byte[] deflateAlone(byte[] message) {
		Deflater current = FREE.take();
		try {
			return deflate(message, current);
		}
		finally {
			current.reset();
			if (!FREE.give(current)) {
				current.end();
			}
		}
	}

	private static byte[] deflate(byte[] message, Deflater deflater) {
		deflater.setInput(message);
		byte[] out = new byte[Math.max(64, message.length / 2 + 16)];
		int length = 0;
		while (true) {
			int count = deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
			length += count;
			if (length < out.length) {
				break; // 7.2.1: an empty block of type 0 ends the output; more room than it took means that it is whole
			}
			out = Arrays.copyOf(out, out.length * 2);
		}
		// "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end"
		int end = length - MessageInflater.TAIL.length;
		return end <= 0 ? EMPTY_BLOCK : Arrays.copyOf(out, end);
	}
}
