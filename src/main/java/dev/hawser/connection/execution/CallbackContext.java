package dev.hawser.connection.execution;

/** What the callbacks of one connection run in, such as the trace of its handshake. Must be quick and must not throw. */
public interface CallbackContext {
	/** Called before a callback, on its thread; never for two callbacks of the connection at the same time. */
	Scope enter(CallbackKind kind);

	/** One callback and what it deferred, from its begin to its end; called on its thread. */
	interface Scope extends AutoCloseable {
		/** The callback threw. */
		void failed(Throwable cause);

		/** It is over. */
		@Override
		void close();
	}
}
