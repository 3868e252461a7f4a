package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.Opcode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;

/** Tells several observers, in their order. */
final class EachObserver implements ConnectionObserver {
	private final ConnectionObserver[] observers;

	EachObserver(List<ConnectionObserver> observers) {
		this.observers = observers.toArray(ConnectionObserver[]::new);
	}

	@Override
	public @Nullable CallbackContext context() {
		return CallbackContext.of(List.of(observers).stream().map(ConnectionObserver::context).filter(Objects::nonNull).toList());
	}

	@Override
	public void opened(WebSocketConnection connection) {
		for (ConnectionObserver observer : observers) {
			observer.opened(connection);
		}
	}

	@Override
	public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
		for (ConnectionObserver observer : observers) {
			observer.closed(connection, status, initiator);
		}
	}

	@Override
	public void received(WebSocketConnection connection, Opcode opcode, int payload, @Nullable WebSocketMessage<?> content) {
		for (ConnectionObserver observer : observers) {
			observer.received(connection, opcode, payload, content);
		}
	}

	@Override
	public void sent(WebSocketConnection connection, Opcode opcode, int payload, @Nullable Object content) {
		for (ConnectionObserver observer : observers) {
			observer.sent(connection, opcode, payload, content);
		}
	}

	@Override
	public void refused(WebSocketConnection connection, SendResult result) {
		for (ConnectionObserver observer : observers) {
			observer.refused(connection, result);
		}
	}

	@Override
	public void dropped(WebSocketConnection connection, int messages) {
		for (ConnectionObserver observer : observers) {
			observer.dropped(connection, messages);
		}
	}

	@Override
	public void lost(WebSocketConnection connection) {
		for (ConnectionObserver observer : observers) {
			observer.lost(connection);
		}
	}

	@Override
	public void cameBack(Comeback.Outcome outcome) {
		for (ConnectionObserver observer : observers) {
			observer.cameBack(outcome);
		}
	}

	@Override
	public void pushed(WebSocketConnection connection, SendResult result) {
		for (ConnectionObserver observer : observers) {
			observer.pushed(connection, result);
		}
	}

	@Override
	public void overRate(WebSocketConnection connection) {
		for (ConnectionObserver observer : observers) {
			observer.overRate(connection);
		}
	}

	@Override
	public void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
		for (ConnectionObserver observer : observers) {
			observer.called(connection, kind, nanos);
		}
	}
}
