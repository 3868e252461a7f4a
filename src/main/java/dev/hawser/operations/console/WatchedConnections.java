package dev.hawser.operations.console;

import dev.hawser.api.CloseInitiator;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.operations.console.ConsoleEvents.Event;
import dev.hawser.protocol.Opcode;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;

/** Tells operators what happens to the connections of a hub, and which handshakes it refuses. */
final class WatchedConnections implements ConnectionObserver, HandshakeObserver {
	private final ConsoleEvents events;
	private final @Nullable String hub;
	private final InstantSource clock;
	private final BooleanSupplier showsPayloads;

	/**
	 * @param hub           null for requests that are refused before their hub is known
	 * @param showsPayloads whether a setting lets operators see payloads
	 */
	WatchedConnections(ConsoleEvents events, @Nullable String hub, InstantSource clock, BooleanSupplier showsPayloads) {
		this.events = events;
		this.hub = hub;
		this.clock = clock;
		this.showsPayloads = showsPayloads;
	}

	private void tell(String kind, WebSocketConnection connection, @Nullable String detail) {
		if (events.areWatched()) {
			events.tell(new Event(clock.millis(), kind, hub, connection.getId(), connection.userId(), detail, 0, null));
		}
	}

	private void tellOfMessage(String kind, WebSocketConnection connection, Opcode opcode, int bytes, @Nullable Object content) {
		if (events.areWatched() && events.areWatchedOf(connection)) {
			events.tell(new Event(clock.millis(), kind, hub, connection.getId(), connection.userId(), lower(opcode), bytes,
					showsPayloads.getAsBoolean() ? Payload.beginning(content) : null));
		}
	}

	private void refused(String reason) {
		if (events.areWatched()) {
			events.tell(new Event(clock.millis(), "refused", hub, null, null, reason, 0, null));
		}
	}

	private static String lower(Enum<?> name) {
		return name.name().toLowerCase(Locale.ROOT);
	}

	@Override
	public void opened(WebSocketConnection connection) {
		tell("open", connection, connection.getAcceptedProtocol());
	}

	@Override
	public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
		if (events.areWatched()) {
			String reason = status.getReason();
			tell("close", connection, status.getCode() + " by the " + lower(initiator)
					+ (reason == null || reason.isEmpty() ? "" : ": " + reason));
		}
	}

	@Override
	public void received(WebSocketConnection connection, Opcode opcode, int payload, @Nullable WebSocketMessage<?> content) {
		tellOfMessage("received", connection, opcode, payload, content == null ? null : content.getPayload());
	}

	@Override
	public void sent(WebSocketConnection connection, Opcode opcode, int payload, @Nullable Object content) {
		tellOfMessage("sent", connection, opcode, payload, content);
	}

	@Override
	public void lost(WebSocketConnection connection) {
		tell("lost", connection, "may come back");
	}

	@Override
	public void overRate(WebSocketConnection connection) {
		tell("over-rate", connection, null);
	}

	@Override
	public void accepted() {
		// the connection's opening says it
	}

	@Override
	public void rejected(String reason) {
		refused(reason);
	}

	@Override
	public void rejectedByCallback() {
		refused("callback");
	}

	@Override
	public void failed() {
		refused("failure");
	}
}
