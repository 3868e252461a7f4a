package dev.hawser.connection.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The writing side of a socket, for an outbox. Neither method blocks. */
public interface Wire {

	/**
	 * Writes as much as the socket takes now. Called with no {@link #write} outstanding, by one thread at a time.
	 *
	 * @return whether everything was written; otherwise the buffers' positions show what is left
	 */
	boolean flush(ByteBuffer... buffers) throws IOException;

	/** Writes the rest when the socket takes it again, then calls {@link Outbox#written}, perhaps at once. */
	void write(ByteBuffer... buffers);
}
