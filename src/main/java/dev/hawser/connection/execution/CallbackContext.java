package dev.hawser.connection.execution;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A context around the callbacks of one connection, such as the trace of its handshake. Must be quick and must not throw. */
public interface CallbackContext {
	/** Nests the contexts, the first outermost; null for an empty list. */
	static @Nullable CallbackContext of(List<CallbackContext> contexts) {
		return contexts.stream().reduce(CallbackContext::around).orElse(null);
	}

	/** This context with the other one inside. */
	private CallbackContext around(CallbackContext inner) {
		return kind -> new Nested(enter(kind), inner.enter(kind));
	}

	/** Called before a callback, on its thread; never for two callbacks of the connection at the same time. */
	Scope enter(CallbackKind kind);

	/** One callback and its deferred tasks, from beginning to end; called on the callback's thread. */
	interface Scope extends AutoCloseable {
		/** The callback threw. */
		void failed(Throwable cause);

		/** The callback has ended. */
		@Override
		void close();
	}

	/** A scope within another one. */
	record Nested(Scope outer, Scope inner) implements Scope {
		@Override
		public void failed(Throwable cause) {
			inner.failed(cause);
			outer.failed(cause);
		}

		@Override
		public void close() {
			inner.close();
			outer.close();
		}
	}
}
