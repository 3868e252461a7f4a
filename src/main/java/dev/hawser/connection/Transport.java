package dev.hawser.connection;

import dev.hawser.connection.outbox.Wire;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The socket under a connection. None of its methods blocks. */
public interface Transport extends Wire {

	/** What a transport tells of its socket. */
	interface Receiver {
		/** The 101 is on the wire. Called once, before {@link #received}. */
		void open();

		/**
		 * Takes all that one read brought. Called by one thread at a time.
		 *
		 * @return whether to read on; if not, {@link Transport#resume} will say when
		 */
		boolean received(ByteBuffer in);

		/** What {@link Transport#write} was given is written. */
		void written();

		/** The socket is at its end: closed by the peer (null), or broken. */
		void ended(@Nullable Throwable cause);
	}

	/** Says whom it is to tell; called once, before anything else. */
	void carry(Receiver receiver);

	/** Reads on after {@link Receiver#received} has returned false; may be called before it returns. */
	void resume();

	/** Says that nothing more will be written (TCP FIN) and reads on. */
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
