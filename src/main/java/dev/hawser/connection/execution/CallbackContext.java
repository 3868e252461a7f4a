package dev.hawser.connection.execution;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the callbacks of one connection run in, such as the trace of its handshake. Must be quick and must not throw. */
public interface CallbackContext {
	/** One within the other, the first outermost; null for none. */
	static @Nullable CallbackContext of(List<CallbackContext> contexts) {
		return contexts.stream().reduce(CallbackContext::around).orElse(null);
	}

	/** This one, and the other within it. */
	private CallbackContext around(CallbackContext inner) {
		return kind -> new Nested(enter(kind), inner.enter(kind));
	}

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
