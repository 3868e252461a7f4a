package dev.hawser.callback;

/** The declared callbacks do not make sense together; the server does not start. */
final class InvalidCallbacksException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	private final String remedy;

	InvalidCallbacksException(String what, String remedy) {
		super(what);
		this.remedy = remedy;
	}

	String remedy() {
		return remedy;
	}
}
