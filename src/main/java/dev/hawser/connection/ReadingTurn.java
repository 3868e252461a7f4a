package dev.hawser.connection;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bytes of a connection's next socket wait until everything is over that the socket before has brought. Used by its
 * {@link Line} alone, under the connection's lock.
 */
final class ReadingTurn {
	/** Whether a thread passes on bytes of a socket. */
	private boolean reading;
	/** Whether the latest socket waits to be read on. */
	private boolean paused;
	/** Whether the latest socket must wait for the one before. */
	private boolean heldBack;
	/** Whether the pause that the last read has begun ended before that read was over, perhaps before there was another socket. */
	private boolean endedEarly;
	/** The bytes that are held back; null for none. */
	private @Nullable ByteBuffer early;

	/** What the end of a pause means. */
	enum Resumption {
		NOTHING,
		/** The latest socket must be read on. */
		READ_ON,
		/** The latest socket may have its turn. */
		NEXT_TURN
	}

	/** Begins to pass the bytes on. False when they are kept until it is their turn, and the socket must wait. */
	boolean begin(ByteBuffer in) {
		if (heldBack) {
			early = ByteBuffer.allocate(in.remaining()).put(in).flip();
			return false;
		}
		reading = true;
		endedEarly = false;
		return true;
	}

	/** The bytes of the latest socket have been passed on. */
	void end(boolean more) {
		reading = false;
		paused = !more;
	}

	/** The last bytes of an earlier socket have been passed on. Returns whether the next socket may have its turn. */
	boolean endOfEarlier(boolean more) {
		reading = false;
		return more || endedEarly;
	}

	/** The socket is lost. */
	void lost() {
		early = null;
	}

	/**
	 * There is another socket.
	 *
	 * @param ready whether no callback delays the reading
	 * @return whether its turn has come
	 */
	boolean next(boolean ready) {
		paused = false;
		heldBack = reading || !ready;
		return !heldBack;
	}

	/** No callback delays the reading any more. */
	Resumption resume() {
		endedEarly = reading;
		if (heldBack) {
			return Resumption.NEXT_TURN;
		}
		boolean wanted = paused || reading;
		paused = false;
		return wanted ? Resumption.READ_ON : Resumption.NOTHING;
	}

	/** Whether the turn of the latest socket has come by this call. */
	boolean take(boolean ready) {
		if (!heldBack || reading || !ready) {
			return false;
		}
		heldBack = false;
		return true;
	}

	/** The bytes that were held back, once; null for none. */
	@Nullable
	ByteBuffer takeEarly() {
		ByteBuffer bytes = early;
		early = null;
		return bytes;
	}

	boolean hasEarly() {
		return early != null;
	}
}
