package dev.hawser.protocol;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * RFC 7692 section 7.2.2 by the letter on {@link Inflater}: everything that is given is one stream of DEFLATE; where a block
 * with BFINAL ends it, another begins. Shares no code with the engine.
 */
final class ReferenceInflater implements AutoCloseable {
	private final byte[] buffer = new byte[1024];
	/** All bytes that were given so far. */
	private final ByteArrayOutputStream given = new ByteArrayOutputStream();
	private Inflater inflater = new Inflater(true);

	/**
	 * Inflates all of the data, and puts it into {@code out} until there is more than {@code most}.
	 *
	 * @throws DataFormatException when it is no DEFLATE; what came before that is in {@code out}
	 */
	void inflate(byte[] data, ByteArrayOutputStream out, int most) throws DataFormatException {
		given.writeBytes(data);
		for (byte octet : data) {
			if (inflater.finished()) {
				inflater.end();
				inflater = new Inflater(true);
			}
			inflater.setInput(new byte[] { octet });
			while (inflateSome(out, most)) {
				// and more
			}
		}
	}

	private boolean inflateSome(ByteArrayOutputStream out, int most) throws DataFormatException {
		long before = inflater.getBytesWritten();
		try {
			return inflater.inflate(buffer) > 0;
		}
		finally {
			int count = (int) (inflater.getBytesWritten() - before);
			out.write(buffer, 0, Math.clamp(most + 1L - out.size(), 0, count));
		}
	}

	/** Whether the stream could end here: then another inflater accepts an empty last block, which adds no bytes. */
	boolean isBetweenBlocks() {
		ByteArrayOutputStream none = new ByteArrayOutputStream();
		try (ReferenceInflater other = new ReferenceInflater()) {
			other.inflate(given.toByteArray(), new ByteArrayOutputStream(), 0);
			other.inflate(new byte[] { 3, 0 }, none, 0);
			return other.inflater.finished() && none.size() == 0;
		}
		catch (DataFormatException e) {
			return false;
		}
	}

	@Override
	public void close() {
		inflater.end();
	}
}
