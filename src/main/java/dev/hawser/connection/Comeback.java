package dev.hawser.connection;

import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a client that comes back. When its 101 is on the wire it becomes the next socket of the client's connection. If there
 * is no such connection any more, the client is told to begin anew: it gets a close frame with 1008.
 */
public final class Comeback implements Transport.Receiver {
	private static final OutgoingFrame REFUSAL = OutgoingFrame.close(CloseReasons.NOT_RECOVERED);

	private final Connections connections;
	private final Hub hub;
	private final @Nullable String connectionId;
	private final Transport socket;
	/** Told of what reaches this object although the socket has been given another receiver. */
	private volatile Transport.@Nullable Receiver connection;
	private volatile boolean ended;

	/** How a client fared that came back. */
	public enum Outcome {
		/** The connection has a socket again. */
		RECOVERED,
		/** The connection has changed to a new socket while the old one still seemed to work. */
		TAKEN_OVER,
		/** The client has not shown that the connection is its own, or there is no such connection any more. */
		REFUSED
	}

	/** @param connectionId the connection that the client has proved to be its own; null for none */
	public Comeback(Connections connections, Hub hub, @Nullable String connectionId, Transport socket) {
		this.connections = connections;
		this.hub = hub;
		this.connectionId = connectionId;
		this.socket = socket;
	}

	@Override
	public void open() {
		WebSocketConnection found = connectionId == null ? null : connections.find(connectionId);
		boolean wasAway = found instanceof LastingConnection lasting && lasting.isAway();
		Transport.Receiver back = found instanceof LastingConnection lasting && lasting.hub() == hub ? lasting.comeBack(socket) : null;
		connection = back;
		if (back == null) {
			refuse();
		}
		else if (ended) {
			back.ended(null);
		}
		hub.observer().cameBack(back == null ? Outcome.REFUSED : wasAway ? Outcome.RECOVERED : Outcome.TAKEN_OVER);
	}

	private void refuse() {
		ByteBuffer frame = REFUSAL.encoded();
		connections.timers().after(hub.settings().closeTimeout().toMillis(), socket::close);
		try {
			if (socket.flush(frame)) {
				socket.shutdownOutput();
			}
			else {
				socket.write(frame);
			}
		}
		catch (IOException e) {
			socket.close();
		}
	}

	@Override
	public boolean received(ByteBuffer in) {
		Transport.Receiver told = connection;
		if (told != null) {
			return told.received(in);
		}
		in.position(in.limit());
		return true;
	}

	/** A write of the refusal: what the connection writes is told to another receiver, see {@link Line#replace}. */
	@Override
	public void written() {
		socket.shutdownOutput();
	}

	@Override
	public void ended(@Nullable Throwable cause) {
		ended = true;
		Transport.Receiver told = connection;
		if (told != null) {
			told.ended(cause);
		}
		else {
			socket.close();
		}
	}
}
