package dev.hawser.application.cli;

import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the script with which a shell completes the verbs and their options. */
@Command(name = "completion", description = { "Write a script with which bash or zsh completes verbs and options of a command 'hawser',",
		"such as: hawser() { java -jar /opt/hawser/hawser.jar \"$@\"; }" },
		footer = { "", "Example:",
				"  java -jar hawser.jar completion bash > hawser-completion" })
final class CompletionCommand extends Verb {
	enum Shell {
		bash, zsh
	}

	private final Supplier<CommandLine> all;

	@Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}; one script is for both.")
	private Shell shell = Shell.bash;

	CompletionCommand(Invocation call, Supplier<CommandLine> all) {
		super(call);
		this.all = all;
	}

	@Override
	public Integer call() {
		here().say("# Completion for " + shell + ": source this file.\n" + AutoComplete.bash("hawser", all.get()));
		return 0;
	}
}
