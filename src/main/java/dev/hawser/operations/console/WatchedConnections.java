package dev.hawser.operations.console;

import dev.hawser.api.CloseInitiator;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.operations.console.ConsoleEvents.Event;
import dev.hawser.protocol.Opcode;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Tells operators what happens to the connections of a hub, and which handshakes it refuses. */
final class WatchedConnections implements ConnectionObserver, HandshakeObserver {
	private final ConsoleEvents events;
	private final @Nullable String hub;
	private final InstantSource clock;

	/** @param hub null for requests that are refused before their hub is known */
	WatchedConnections(ConsoleEvents events, @Nullable String hub, InstantSource clock) {
		this.events = events;
		this.hub = hub;
		this.clock = clock;
	}

	private void tell(String kind, @Nullable WebSocketConnection connection, @Nullable Object detail, int bytes) {
		if (events.areWatched()) {
			events.tell(new Event(clock.millis(), kind, hub, connection == null ? null : connection.getId(),
					connection == null ? null : connection.userId(), detail == null ? null : detail.toString().toLowerCase(Locale.ROOT),
					bytes));
		}
	}

	@Override
	public void opened(WebSocketConnection connection) {
		tell("open", connection, null, 0);
	}

	@Override
	public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
		tell("close", connection, status.getCode() + " by the " + initiator, 0);
	}

	@Override
	public void received(WebSocketConnection connection, Opcode opcode, int payload) {
		tell("received", connection, opcode, payload);
	}

	@Override
	public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
		tell("sent", connection, opcode, payload);
	}

	@Override
	public void lost(WebSocketConnection connection) {
		tell("lost", connection, "may come back", 0);
	}

	@Override
	public void overRate(WebSocketConnection connection) {
		tell("over-rate", connection, null, 0);
	}

	@Override
	public void accepted() {
		// the connection's opening says it
	}

	@Override
	public void rejected(String reason) {
		tell("refused", null, reason, 0);
	}

	@Override
	public void rejectedByCallback() {
		tell("refused", null, "callback", 0);
	}

	@Override
	public void failed() {
		tell("refused", null, "failure", 0);
	}
}
