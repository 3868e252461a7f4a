package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.Opcode;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Is told what connections do, to count it. Called on the threads that do it: implementations must be quick and must not throw. */
public interface ConnectionObserver {
	/** Sees nothing. */
	ConnectionObserver NONE = new ConnectionObserver() {
	};

	/** Asked once for each connection, on the thread of its handshake: what its callbacks are to run in, or null for nothing. */
	default @Nullable CallbackContext context() {
		return null;
	}

	default void opened() {
	}

	default void closed(CloseStatus status, CloseInitiator initiator) {
	}

	/** A message or control frame came in whole; {@code payload} in bytes. */
	default void received(Opcode opcode, int payload) {
	}

	/** A frame was accepted for sending; {@code payload} in bytes. */
	default void sent(Opcode opcode, int payload) {
	}

	/** A send was refused or dropped: {@code TooLarge}, {@code Overflowed}. */
	default void refused(SendResult result) {
	}

	/** A push or a disconnect of the application's had this result. */
	default void pushed(SendResult result) {
	}

	/** A client sent faster than it may. */
	default void overRate() {
	}

	/** A callback returned or threw after this time. */
	default void called(CallbackKind kind, long nanos) {
	}
}
