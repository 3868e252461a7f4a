package dev.hawser.callback;

/** What there is of callbacks makes no sense; the server does not start, and says so in two sentences. */
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
