package dev.hawser.application.cli;

import java.time.Duration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Takes a server out of service, and back. */
@Command(name = "drain", description = "Close a server's connections slowly, and refuse new ones; without stopping it.", footer = { "",
		"Example:", "  java -jar hawser.jar drain --wait" })
final class DrainCommand extends Verb {
	private static final String ENDPOINT = "/drain";
	private static final Duration PAUSE = Duration.ofMillis(500);

	@Mixin
	private OperationsOptions operations = new OperationsOptions();

	static final class Action {
		@Option(names = "--wait", description = "Begin, and wait until the last connection is closed.")
		private boolean wait;

		@Option(names = "--end", description = "Take the server back into service.")
		private boolean end;

		@Option(names = "--status", description = "Only show how far it is.")
		private boolean status;
	}

	@ArgGroup(exclusive = true, multiplicity = "0..1")
	private Action action = new Action();

	@Option(names = "--json", description = "Write the state as JSON.")
	private boolean json;

	DrainCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		JsonNode progress = send(action.end ? "DELETE" : action.status ? "GET" : "POST");
		while (action.wait && progress.path("open").asInt(0) > 0) {
			Thread.sleep(PAUSE);
			progress = send("GET");
		}
		here().say(json ? progress.toString()
				: progress.path("state").asString("?") + ", " + progress.path("open").asInt(0) + " connections open");
		return 0;
	}

	private JsonNode send(String method) throws InterruptedException {
		return operations.send(here(), method, ENDPOINT, null).json();
	}
}
