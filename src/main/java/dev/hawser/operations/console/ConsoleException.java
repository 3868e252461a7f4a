package dev.hawser.operations.console;

/** A request of the page that is refused, with a sentence for the operator. */
final class ConsoleException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	private final int status;

	ConsoleException(int status, String sentence) {
		super(sentence, null, false, false);
		this.status = status;
	}

	int status() {
		return status;
	}

	/** Never null. */
	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}
}
