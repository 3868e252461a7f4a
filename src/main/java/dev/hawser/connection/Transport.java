package dev.hawser.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a connection. It calls {@link WebSocketConnection#received}, {@link WebSocketConnection#written} and
 * {@link WebSocketConnection#ended}; none of the methods here blocks.
 */
public interface Transport {

	/**
	 * Writes as much as the socket takes now. Called with no {@link #write} outstanding, by one thread at a time.
	 *
	 * @return whether everything went out; otherwise the buffers' positions say what is left
	 */
	boolean flush(ByteBuffer... buffers) throws IOException;

	/** Writes the rest when the socket takes it again, then calls {@link WebSocketConnection#written}, perhaps at once. */
	void write(ByteBuffer... buffers);

	/** Goes on reading after {@link WebSocketConnection#received} returned false. */
	void resume();

	/** Says that nothing more will be written (TCP FIN) and goes on reading. */
	void shutdownOutput();

	/** As {@link #shutdownOutput}, for a peer that has nothing more to say: its end need not be awaited if all it said has been read. */
	default void finish() {
		shutdownOutput();
	}

	/** Closes the socket in both directions. */
	void close();

	/** Closes the socket with a TCP reset and forgets what was not sent. */
	void reset();

	@Nullable
	InetSocketAddress localAddress();

	@Nullable
	InetSocketAddress remoteAddress();
}
