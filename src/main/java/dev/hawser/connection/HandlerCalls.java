package dev.hawser.connection;

import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.execution.CallbackSequence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Calls the application for one connection: each call is timed, followed by what it deferred, and an exception ends this
 * connection only. Called by the connection's {@link CallbackSequence} alone, so never two at a time.
 */
final class HandlerCalls {
	private static final Logger LOG = LoggerFactory.getLogger(HandlerCalls.class);

	private final WebSocketConnection connection;
	private final WebSocketHandler handler;
	private final @Nullable CallbackContext context;

	HandlerCalls(WebSocketConnection connection, WebSocketHandler handler) {
		this.connection = connection;
		this.handler = handler;
		this.context = connection.observer().context();
	}

	void opened() {
		call(CallbackKind.OPEN, () -> handler.afterConnectionEstablished(connection));
	}

	void message(WebSocketMessage<?> message) {
		if (context != null) {
			call(CallbackKind.MESSAGE, () -> handler.handleMessage(connection, message));
			return;
		}
		long start = System.nanoTime();
		try {
			handler.handleMessage(connection, message); // as call does, without an object for each message
		}
		catch (Throwable e) {
			failed(CallbackKind.MESSAGE, e);
		}
		finish(CallbackKind.MESSAGE, start);
	}

	void closed(CloseStatus status) {
		call(CallbackKind.CLOSE, () -> handler.afterConnectionClosed(connection, status));
	}

	private interface Callback {
		void run() throws Exception;
	}

	private void call(CallbackKind kind, Callback callback) {
		if (context == null) {
			timed(kind, callback);
			return;
		}
		try (CallbackContext.Scope scope = context.enter(kind)) {
			timed(kind, () -> told(scope, callback));
		}
	}

	private static void told(CallbackContext.Scope scope, Callback callback) throws Exception {
		try {
			callback.run();
		}
		catch (Throwable e) {
			scope.failed(e);
			throw e;
		}
	}

	private void timed(CallbackKind kind, Callback callback) {
		long start = System.nanoTime();
		attempt(kind, callback);
		finish(kind, start);
	}

	private void finish(CallbackKind kind, long start) {
		CallbackSequence sequence = connection.callbacks();
		for (Runnable task = sequence.nextDeferred(); task != null; task = sequence.nextDeferred()) {
			attempt(kind, task::run);
		}
		connection.observer().called(kind, System.nanoTime() - start);
	}

	private void attempt(CallbackKind kind, Callback callback) {
		try {
			callback.run();
		}
		catch (Throwable e) {
			failed(kind, e);
		}
	}

	private void failed(CallbackKind kind, Throwable cause) {
		LOG.error("The {} callback of {} threw; it ends that connection only", kind, connection.getId(), cause);
		if (kind != CallbackKind.CLOSE) {
			connection.closing().fail(CloseReasons.CALLBACK_FAILED);
		}
	}
}
