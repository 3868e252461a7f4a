package dev.hawser.application.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Closes connections. */
@Command(name = "close", description = "Close a connection, or those of a user, a group or a whole hub.", footer = { "", "Example:",
		"  java -jar hawser.jar close --user ann --code 4000 --reason \"signed out\"" })
final class CloseCommand extends Verb {
	@ArgGroup(exclusive = true, multiplicity = "1")
	private TargetOptions target = new TargetOptions();

	@Mixin
	private PushOptions api = new PushOptions();

	@Option(names = "--filter", paramLabel = "CONDITION", defaultValue = "",
			description = "Only those that match, such as \"userId ne 'ann'\";"
					+ " not with --connection.")
	private String filter = "";

	@Option(names = "--code", paramLabel = "CODE", defaultValue = "1000", description = "Code of the close frame; 1000 by default.")
	private int code;

	@Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Reason in the close frame.")
	private String reason = "";

	@Option(names = "--json", description = "Write the result as JSON.")
	private boolean json;

	CloseCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		if (target.isConnection() && !filter.isEmpty()) {
			throw CommandFailure.wrongUsage("--filter narrows --user, --group or --all, and not --connection.");
		}
		String query = PushOptions
				.query(List.of(Map.entry("code", Integer.toString(code)), Map.entry("reason", reason), Map.entry("filter", filter)));
		String path = target.path();
		DeliveryText delivery = DeliveryText.of(target.isConnection()
				? api.send(here(), "DELETE", OperationsOptions.withoutSlash(path), query, null)
				: api.send(here(), "POST", path + ":closeConnections", query, null));
		delivery.show(here(), json);
		return delivery.exitCode();
	}
}
