package dev.hawser.application.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lets a server read its configuration again. */
@Command(name = "reload", description = "Let a server read its configuration again; nothing changes if a value is bad.", footer = { "",
		"Example:", "  java -jar hawser.jar reload" })
final class ReloadCommand extends Verb {
	@Mixin
	private OperationsOptions operations = new OperationsOptions();

	@Option(names = "--json", description = "Write the answer as JSON.")
	private boolean json;

	ReloadCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		JsonNode outcome = operations.send(here(), "POST", "/reload", null).json();
		List<String> restart = new ArrayList<>();
		outcome.path("needRestart").forEach(property -> restart.add(property.asString()));
		here().say(json ? outcome.toString()
				: "The configuration is in force."
						+ (restart.isEmpty() ? "" : " These properties need a restart: " + String.join(", ", restart)));
		return 0;
	}
}
