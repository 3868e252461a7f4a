package dev.hawser.application.cli;

import dev.hawser.log.ControlCharacters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Looks after events that no backend took. */
@Command(name = "dead-letters", description = "List, resend or discard the events that no backend took.", footer = { "", "Example:",
		"  java -jar hawser.jar dead-letters resend --hub chat" })
final class DeadLettersCommand extends Verb {
	private static final String ENDPOINT = "/deadletters";
	private static final String ROW = "%-8s %-16s %-14s %-24s %8s  %s";

	enum Action {
		list, resend, discard
	}

	@Parameters(index = "0", paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}")
	private Action action = Action.list;

	@Parameters(index = "1", arity = "0..1", paramLabel = "ID",
			description = "The event to resend or discard; without it, --hub or --all says"
					+ " which ones.")
	private @Nullable String id;

	@Mixin
	private OperationsOptions operations = new OperationsOptions();

	@Option(names = "--hub", paramLabel = "NAME", description = "Only those of this hub.")
	private @Nullable String hub;

	@Option(names = "--all", description = "Those of all hubs.")
	private boolean all;

	@Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "50", description = "List at most so many, up to 1000; 50 by default.")
	private int limit;

	@Option(names = "--after", paramLabel = "ID", defaultValue = "", description = "Go on where an earlier list has ended.")
	private String after = "";

	@Option(names = "--json", description = "Write the answer as JSON.")
	private boolean json;

	DeadLettersCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		return switch (action) {
			case list -> list();
			case resend -> change("POST", "To be sent again: ");
			case discard -> change("DELETE", "Discarded: ");
		};
	}

	private int list() throws InterruptedException {
		if (id != null) {
			throw CommandFailure.wrongUsage("'list' takes no ID; '--after ID' lists those behind it.");
		}
		JsonNode page = operations.send(here(), "GET", ENDPOINT + '?' + PushOptions.query(List.of(Map.entry("hub", hub == null ? "" : hub),
				Map.entry("limit", Integer.toString(limit)), Map.entry("after", after))), null).json();
		if (json) {
			here().say(page.toString());
			return 0;
		}
		here().say(row("ID", "HUB", "EVENT", "SINCE", "ATTEMPTS", "WHY"));
		page.path("deadLetters").forEach(letter -> here().say(row(text(letter, "id"), text(letter, "hub"), text(letter, "event"),
				text(letter, "since"), text(letter, "attempts"), text(letter, "why"))));
		if (!text(page, "next").equals("-")) {
			here().remark("There are more: --after " + text(page, "next"));
		}
		return 0;
	}

	private static String row(Object... cells) {
		return ControlCharacters.escape(String.format(Locale.ROOT, ROW, cells));
	}

	private static String text(JsonNode node, String field) {
		return node.path(field).asString("-");
	}

	private int change(String method, String done) throws InterruptedException {
		if ((id == null ? 0 : 1) + (hub == null ? 0 : 1) + (all ? 1 : 0) != 1) {
			throw CommandFailure.wrongUsage("Name one of ID, --hub and --all.");
		}
		String which = hub == null ? "*" : hub;
		JsonNode answer = id != null ? operations.send(here(), method, ENDPOINT + '/' + PushOptions.encoded(id), null).json()
				: method.equals("POST") ? operations.send(here(), method, ENDPOINT, Map.of("hub", which)).json()
						: operations.send(here(), method, ENDPOINT + "?hub=" + PushOptions.encoded(which), null).json();
		here().say(json ? answer.toString() : done + answer.path("letters").asInt(0));
		return 0;
	}
}
