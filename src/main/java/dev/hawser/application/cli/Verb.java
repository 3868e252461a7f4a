package dev.hawser.application.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all verbs have. Each verb is used once. */
@Command(sortOptions = false, usageHelpWidth = 110, parameterListHeading = "%nParameters:%n", optionListHeading = "%nOptions:%n",
		exitCodeListHeading = "%nExit codes:%n", exitCodeList = { "0:done",
				"1:the server, or the check, said no", "2:wrong usage", "3:no answer" })
abstract class Verb implements Callable<Integer> {
	private final Invocation call;

	@Option(names = { "-h", "--help" }, usageHelp = true, description = "Show this text.")
	@SuppressWarnings("UnusedVariable") // picocli looks at the annotation
	private boolean help;

	Verb(Invocation call) {
		this.call = call;
	}

	final Invocation here() {
		return call;
	}

	/** The exit code; a {@link CommandFailure} carries another one. */
	@Override
	public abstract Integer call() throws Exception;
}
