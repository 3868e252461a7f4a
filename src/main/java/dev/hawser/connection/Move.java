package dev.hawser.connection;

import dev.hawser.connection.outbox.Unconfirmed;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of this node on its way to another one. It takes messages meanwhile. Each node says at some point that its messages
 * go to both nodes from there on: those are put aside here, and are taken after all if the connection stays.
 *
 * <pre>
 *  begin ──▶ cut, cut, ... ──▶ finish     the connection is gone, without a word to the application
 *                         └──▶ cancel     it stays, with all messages
 * </pre>
 *
 * Safe for any thread.
 */
public final class Move {
	/** Pause between two looks at requests that are not answered yet. */
	private static final long SETTLING_MILLIS = 20;

	private final LastingConnection connection;
	/** Guarded by the connection's lock, as all below. */
	private final Set<String> cut = new HashSet<>();
	private final List<OutgoingFrame> aside = new ArrayList<>();
	private long bytes;
	private boolean overflowed;

	private Move(LastingConnection connection) {
		this.connection = connection;
	}

	/**
	 * Begins to move a connection, and gives up its socket.
	 *
	 * @return null when it is not here, ends with its socket, is of another hub, or moves already
	 */
	public static @Nullable Move begin(Connections connections, String hub, String connectionId) {
		return connections.find(connectionId) instanceof LastingConnection lasting && lasting.hub().name().equals(hub) ? begin(lasting)
				: null;
	}

	private static @Nullable Move begin(LastingConnection connection) {
		return connection.lock.holding(() -> {
			if (!connection.outlivesSocket() || connection.move != null) {
				return null;
			}
			boolean _ = connection.line.lose();
			connection.move = new Move(connection);
			return connection.move;
		});
	}

	/** The connection. */
	public WebSocketConnection connection() {
		return connection;
	}

	/** What this node sends from now on gets to the other node by itself. */
	public void cut(String source) {
		boolean _ = connection.lock.holding(() -> cut.add(source));
	}

	/** Whether the other node gets by itself what the calling thread delivers. */
	boolean isForOther() {
		String source = SourceNode.current();
		return source != null && cut.contains(source);
	}

	void putAside(OutgoingFrame message) {
		Unconfirmed.Bounds bounds = connection.continuity.bounds;
		overflowed |= aside.size() >= bounds.messages() || bytes + message.size() > bounds.bytes();
		if (!overflowed) {
			aside.add(message);
			bytes += message.size();
		}
	}

	/** The connection stays on this node. Does nothing when it has left, or has ended. */
	public void cancel() {
		connection.lock.lock();
		try {
			if (connection.move == this) {
				connection.move = null;
				connection.sending.use(this::takeAside);
				if (connection.isAway()) {
					connection.beginWindow();
				}
			}
		}
		finally {
			connection.lock.unlock();
		}
	}

	private void takeAside(Unconfirmed all) throws IOException {
		boolean fit = !overflowed;
		for (OutgoingFrame message : aside) {
			fit = fit && all.send(message) != null;
		}
		if (!fit) {
			connection.closing.fail(CloseReasons.UNCONFIRMED);
		}
	}

	/**
	 * The connection leaves this node, as soon as its callbacks are over and its requests are answered.
	 *
	 * @param then told once, on any thread, which must not be blocked: what the connection takes along, or null when it stays or has ended
	 */
	public void finish(Consumer<@Nullable Luggage> then) {
		connection.calls.runBehind(() -> {
			Luggage packed = null;
			connection.lock.lock();
			try {
				if (connection.move == this && connection.isOpen()) {
					if (!connection.subprotocol().isSettled(connection)) {
						connection.deadlines.after(SETTLING_MILLIS, () -> finish(then));
						return;
					}
					packed = leave();
				}
			}
			finally {
				connection.lock.unlock();
			}
			then.accept(packed);
		});
	}

	private Luggage leave() {
		Luggage[] packed = new Luggage[1];
		connection.sending.use(all -> packed[0] = Luggage.of(connection, all));
		connection.move = null;
		connection.calls.silent(true);
		connection.closing.fail(CloseReasons.SHUTDOWN);
		return packed[0];
	}
}
