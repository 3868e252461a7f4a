package dev.hawser.connection;

import org.jspecify.annotations.Nullable;

/** A text about what the calling thread does now. Threads have no text until one is set. */
final class ThreadText {
	private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

	/** Sets the text; null for none. Returns the one before, to be set again. */
	@Nullable
	String set(@Nullable String text) {
		String before = current.get();
		if (text == null) {
			current.remove();
		}
		else {
			current.set(text);
		}
		return before;
	}

	/** Null for none. */
	@Nullable
	String get() {
		return current.get();
	}
}
