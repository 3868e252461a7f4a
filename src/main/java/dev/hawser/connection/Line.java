package dev.hawser.connection;

import dev.hawser.connection.execution.ConnectionLock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sockets under a connection that outlives them: at first that of its handshake, then one for each return of its client. While the
 * client is away, what is written vanishes. The bytes of a socket are passed on only when no callback delays the reading of the socket
 * before it.
 *
 * <p>Its state is guarded by the lock of the connection, which is held when the connection writes or closes.
 */
final class Line implements Transport {
	private @Nullable LineOwner owner;
	/** The latest socket. */
	private LineSocket socket;
	/** Whether the latest socket is lost; written under the lock. */
	private volatile boolean away;
	/** Whether the socket has been given bytes that it has not written. */
	private boolean writing;
	private final ReadingTurn turn = new ReadingTurn();

	Line(Transport first) {
		this.socket = new LineSocket(this, first);
	}

	@Override
	public void carry(Receiver receiver) {
		owner = (LineOwner) receiver;
		socket.transport.carry(socket);
	}

	LineOwner owner() {
		return Objects.requireNonNull(owner, "No connection on this line");
	}

	private ConnectionLock lock() {
		return owner().lock();
	}

	void written(LineSocket by) {
		lock().lock();
		try {
			if (!isUsed(by)) {
				by.writtenAlone();
				return;
			}
			writing = false;
			owner().written();
		}
		finally {
			lock().unlock();
		}
	}

	void ended(LineSocket which, @Nullable Throwable cause) {
		if (!lose(which)) {
			owner().ended(cause);
		}
	}

	private boolean isUsed(LineSocket which) {
		return which == socket && !away;
	}

	/** Whether there is no socket. Any thread may ask. */
	boolean isAway() {
		return away;
	}

	/** Gives the socket up, as if it had broken. False when the connection must end with it. */
	boolean lose() {
		return lose(socket);
	}

	private boolean lose(LineSocket which) {
		lock().lock();
		try {
			if (!isUsed(which)) {
				return which != socket || owner().outlivesSocket();
			}
			if (!owner().outlivesSocket()) {
				return false;
			}
			goAway();
			socket.transport.close();
			return true;
		}
		finally {
			lock().unlock();
		}
	}

	/** Gives the socket up behind this close frame, and returns it. */
	Transport part(ByteBuffer closeFrame) {
		assert lock().isHeldByCurrentThread();
		boolean busy = writing;
		goAway();
		socket.part(closeFrame, busy);
		return socket.transport;
	}

	private void goAway() {
		assert lock().isHeldByCurrentThread();
		away = true;
		owner().lost();
		while (writing) { // each call may write what waited for the write before
			writing = false;
			owner().written();
		}
		turn.lost();
	}

	/** What the latest socket reports is to be told to this. */
	Receiver receiver() {
		return socket;
	}

	/**
	 * Uses this socket from now on, whose 101 is on the wire; the one before is dismissed. Returns the socket's new receiver, or null if the
	 * connection is ending.
	 */
	@Nullable
	Receiver replace(Transport fresh) {
		lock().lock();
		try {
			if (!owner().outlivesSocket()) {
				return null;
			}
			Transport before = socket.transport;
			if (!away) {
				Runnable dismissal = writing ? before::close : () -> socket.dismiss(owner());
				goAway();
				dismissal.run();
			}
			owner().discard();
			socket = new LineSocket(this, fresh);
			fresh.carry(socket); // before anything is written, since a write may end within the call
			away = false;
			if (turn.next(owner().isReady())) {
				owner().startReadingOver();
			}
			owner().replaced(before);
			return socket;
		}
		finally {
			lock().unlock();
		}
	}

	/** Passes the bytes on. Returns whether to read on. */
	boolean handOn(LineSocket from, ByteBuffer in) {
		lock().lock();
		try {
			if (!isUsed(from)) {
				in.position(in.limit());
				return true;
			}
			if (!turn.begin(in)) {
				return false;
			}
		}
		finally {
			lock().unlock();
		}
		boolean more = false;
		try {
			more = owner().received(in);
		}
		finally {
			more = end(from, more);
		}
		return more;
	}

	private boolean end(LineSocket from, boolean more) {
		boolean next;
		lock().lock();
		try {
			if (isUsed(from)) {
				turn.end(more);
				return more;
			}
			next = turn.endOfEarlier(more);
		}
		finally {
			lock().unlock();
		}
		if (next) {
			nextTurn();
		}
		return true;
	}

	@Override
	public void resume() {
		Transport latest;
		ReadingTurn.Resumption resumption;
		lock().lock();
		try {
			latest = socket.transport;
			resumption = away ? ReadingTurn.Resumption.NOTHING : turn.resume();
		}
		finally {
			lock().unlock();
		}
		switch (resumption) {
			case READ_ON -> latest.resume();
			case NEXT_TURN -> nextTurn();
			case NOTHING -> {
			}
		}
	}

	/** Lets the latest socket be read, if nothing of the socket before is left. */
	private void nextTurn() {
		ByteBuffer early;
		LineSocket latest;
		lock().lock();
		try {
			if (!turn.take(owner().isReady())) {
				return;
			}
			owner().startReadingOver();
			early = turn.takeEarly();
			latest = socket;
		}
		finally {
			lock().unlock();
		}
		if (early != null && handOn(latest, early)) {
			latest.transport.resume();
		}
	}

	@Override
	public boolean isQuiet() {
		return away || (!turn.hasEarly() && socket.transport.isQuiet());
	}

	private Transport out() {
		return away ? NoSocket.INSTANCE : socket.transport;
	}

	@Override
	public boolean flush(ByteBuffer... buffers) throws IOException {
		try {
			return out().flush(buffers);
		}
		catch (IOException e) {
			if (!lose()) {
				throw e;
			}
			return out().flush(buffers);
		}
	}

	@Override
	public void write(ByteBuffer... buffers) {
		writing = true;
		out().write(buffers);
	}

	@Override
	public void shutdownOutput() {
		out().shutdownOutput();
	}

	@Override
	public void finish() {
		out().finish();
	}

	@Override
	public void close() {
		out().close();
	}

	@Override
	public void reset() {
		out().reset();
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return socket.transport.localAddress();
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return socket.transport.remoteAddress();
	}
}
