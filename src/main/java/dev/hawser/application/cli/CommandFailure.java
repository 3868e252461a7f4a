package dev.hawser.application.cli;

/** A verb cannot do what it was asked for. The message is a sentence for the terminal, without secrets. */
final class CommandFailure extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** The server answered, and said no. */
	static final int SAID_NO = 1;
	/** The command was called wrongly. */
	static final int WRONG_USAGE = 2;
	/** There was no answer. */
	static final int NO_ANSWER = 3;

	private final int exitCode;

	private CommandFailure(int exitCode, String sentence) {
		super(sentence);
		this.exitCode = exitCode;
	}

	static CommandFailure saidNo(String sentence) {
		return new CommandFailure(SAID_NO, sentence);
	}

	static CommandFailure wrongUsage(String sentence) {
		return new CommandFailure(WRONG_USAGE, sentence);
	}

	static CommandFailure noAnswer(String sentence) {
		return new CommandFailure(NO_ANSWER, sentence);
	}

	int exitCode() {
		return exitCode;
	}
}
