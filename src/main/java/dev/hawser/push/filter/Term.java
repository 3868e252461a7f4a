package dev.hawser.push.filter;

import org.jspecify.annotations.Nullable;

/** A part of a filter, which has a value for each connection. The type of the value is known when the filter is read. */
sealed interface Term {
	/** The type, for error messages. */
	String type();

	/**
	 * @param of           the text of a connection
	 * @param constant     the text of all connections; null when it differs
	 * @param connectionId whether this is the connection's id, which is then compared without being made
	 */
	record Text(TextOf of, @Nullable String constant, boolean connectionId) implements Term {
		Text(TextOf of) {
			this(of, null, false);
		}

		static Text constant(String text) {
			return new Text(_ -> text, text, false);
		}

		@Override
		public String type() {
			return "text";
		}
	}

	/** An integer. */
	record Whole(WholeOf of) implements Term {
		@Override
		public String type() {
			return "an integer";
		}
	}

	/** True or false. */
	record Truth(Condition of) implements Term {
		@Override
		public String type() {
			return "a condition";
		}
	}

	/** The groups of the connection. */
	record Groups() implements Term {
		@Override
		public String type() {
			return "groups";
		}
	}

	/** The literal {@code null}, which is a value of every type. */
	record Null() implements Term {
		@Override
		public String type() {
			return "null";
		}
	}

	/** A text that may be null. */
	interface TextOf {
		@Nullable
		String of(Candidate candidate);
	}

	/** An integer that may be null. */
	interface WholeOf {
		/** Stands for null; integers of filters have 32 bits. */
		long NULL = Long.MIN_VALUE;

		long of(Candidate candidate);
	}
}
