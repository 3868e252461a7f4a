package dev.hawser.protocol;

import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Deflates messages (RFC 7692 section 7.2.1). Messages without a shared window use any deflater of a pool. A connection whose
 * messages share a window has a deflater of its own, which must get the messages in the order in which they are sent. A deflater
 * holds about 256 KiB of native memory until {@link #end}. Not thread-safe.
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

	/** Releases the native memory; the deflater cannot be used after that. */
	public void end() {
		deflater.end();
	}

	/** Deflates a message without a shared window: any peer that has agreed on permessage-deflate can read the result. */
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
				break; // 7.2.1: an empty block of type 0 ends the output; the output is whole when it has not filled the array
			}
			out = Arrays.copyOf(out, out.length * 2);
		}
		// "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end"
		int end = length - MessageInflater.TAIL.length;
		return end <= 0 ? EMPTY_BLOCK : Arrays.copyOf(out, end);
	}
}
