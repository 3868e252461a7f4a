package dev.hawser.connection;

import dev.hawser.connection.outbox.Wire;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The socket under a connection. None of its methods blocks. */
public interface Transport extends Wire {

	/** Receives the events of the socket. */
	interface Receiver {
		/** The 101 is on the wire. Called once, before {@link #received}. */
		void open();

		/**
		 * Takes all bytes of one read. Called by one thread at a time.
		 *
		 * @return whether to read on; if not, {@link Transport#resume} is called later
		 */
		boolean received(ByteBuffer in);

		/**
		 * Whether {@link #received} may wait for the application if another thread can take the calling one's place. The answer may change
		 * at any time; where no thread can, {@code received} never waits.
		 */
		default boolean mayWait() {
			return false;
		}

		/** All bytes given to {@link Transport#write} have been written. */
		void written();

		/** The socket has ended: closed by the peer (null), or broken. */
		void ended(@Nullable Throwable cause);
	}

	/** Sets the receiver of the socket's events; called before all other methods, and perhaps once more within {@link Receiver#open}. */
	void carry(Receiver receiver);

	/** Reads on after {@link Receiver#received} has returned false; may be called even before that returns. */
	void resume();

	/**
	 * Whether everything that the peer has sent by now has been given to the receiver. False as well while bytes are being read. A
	 * peer that seems silent is only silent when this is true: after a pause of the process its bytes are unread.
	 */
	boolean isQuiet();

	/** Ends the output (TCP FIN) and reads on. */
	void shutdownOutput();

	/**
	 * As {@link #shutdownOutput}, for a peer that sends nothing more: its FIN need not be awaited if all its bytes have been read.
	 */
	default void finish() {
		shutdownOutput();
	}

	/** Closes the socket in both directions. */
	void close();

	/** Closes the socket with a TCP reset and drops the unsent bytes. */
	void reset();

	@Nullable
	InetSocketAddress localAddress();

	@Nullable
	InetSocketAddress remoteAddress();
}
