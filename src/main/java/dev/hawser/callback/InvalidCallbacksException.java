package dev.hawser.callback;

/**
 * The declared callbacks cannot be used, and the server does not start. The message has two sentences: what is wrong and what to
 * do.
 */
public final class InvalidCallbacksException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	private final String remedy;

	/** @param remedy what to do */
	public InvalidCallbacksException(String what, String remedy) {
		super(what);
		this.remedy = remedy;
	}

	String remedy() {
		return remedy;
	}
}
