package dev.hawser.push.filter;

/** A filter that cannot be read. The message is for the filter's author, and says where it is wrong. */
public final class InvalidFilterException extends IllegalArgumentException {
	private static final long serialVersionUID = 1L;

	/** @param position index of the first character that is wrong, from 0; the filter's length for its end */
	InvalidFilterException(int position, String problem) {
		super("The filter is wrong at character " + (position + 1) + ": " + problem);
	}
}
