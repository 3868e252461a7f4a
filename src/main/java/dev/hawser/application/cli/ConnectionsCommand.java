package dev.hawser.application.cli;

import dev.hawser.log.ControlCharacters;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists connections of a hub, page by page. */
@Command(name = "connections", description = "List the connections of a hub.", footer = { "", "Example:",
		"  java -jar hawser.jar connections --filter \"'room-1' in groups\"" })
final class ConnectionsCommand extends Verb {
	private static final int LARGEST_PAGE = 200;
	private static final Pattern NEXT = Pattern.compile("[?&]continuationToken=([^&]+)");
	private static final String ROW = "%-44s %-16s %-16s %10s %9s %9s %9s  %s";

	@Mixin
	private PushOptions api = new PushOptions();

	@Option(names = "--user", paramLabel = "NAME", defaultValue = "", description = "Only of this user.")
	private String user = "";

	@Option(names = "--group", paramLabel = "NAME", defaultValue = "", description = "Only of this group.")
	private String group = "";

	@Option(names = "--filter", paramLabel = "CONDITION", defaultValue = "", description = "Only those that match, such as \"userId ne"
			+ " 'ann'\".")
	private String filter = "";

	@Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "100", description = "At most so many; 100 by default, 0 for all.")
	private int limit;

	@Option(names = "--after", paramLabel = "TOKEN", defaultValue = "", description = "Go on where an earlier list has ended.")
	private String after = "";

	@Option(names = "--json", description = "Write the connections as JSON, with all that is known of them.")
	private boolean json;

	ConnectionsCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		if (limit < 0) {
			throw CommandFailure.wrongUsage("--limit must not be negative; 0 lists all.");
		}
		List<JsonNode> all = new ArrayList<>();
		if (!json) {
			here().say(String.format(Locale.ROOT, ROW, "CONNECTION", "USER", "ADDRESS", "AGE", "RECEIVED", "SENT", "QUEUED B", "GROUPS")
					.stripTrailing());
		}
		String next = after;
		int listed = 0;
		do {
			JsonNode page = page(next, limit == 0 ? LARGEST_PAGE : Math.min(LARGEST_PAGE, limit - listed));
			for (JsonNode one : page.path("value")) {
				listed++;
				if (json) {
					all.add(one);
				}
				else {
					here().say(row(one));
				}
			}
			Matcher link = NEXT.matcher(page.path("nextLink").asString(""));
			next = link.find() ? URLDecoder.decode(link.group(1), StandardCharsets.UTF_8) : "";
		}
		while (!next.isEmpty() && (limit == 0 || listed < limit));
		end(all, next);
		return 0;
	}

	private void end(List<JsonNode> all, String next) {
		if (json) {
			Map<String, @Nullable Object> result = new LinkedHashMap<>();
			result.put("connections", all);
			result.put("next", next.isEmpty() ? null : next);
			here().sayJson(result);
		}
		else if (!next.isEmpty()) {
			here().remark("There are more: --after " + next);
		}
	}

	private JsonNode page(String from, int most) throws InterruptedException {
		return api.send(here(), "GET", "hawser/connections", PushOptions.query(List.of(Map.entry("userId", user), Map.entry("group", group),
				Map.entry("filter", filter), Map.entry("maxpagesize", Integer.toString(most)), Map.entry("continuationToken", from))), null)
				.json();
	}

	/** What clients have chosen themselves may not change how the terminal shows it. */
	private static String row(JsonNode one) {
		List<String> groups = new ArrayList<>();
		one.path("groups").forEach(group -> groups.add(group.asString()));
		JsonNode traffic = one.path("traffic");
		return ControlCharacters
				.escape(String.format(Locale.ROOT, ROW, one.path("connectionId").asString(""), one.path("userId").asString("-"),
						one.path("address").asString("-"), age(one.path("connectedAt").asString("")),
						traffic.path("messagesIn").asString("0"),
						traffic.path("messagesOut").asString("0"), one.path("queuedBytes").asString("0"), String.join(",", groups)))
				.stripTrailing();
	}

	private static String age(String since) {
		try {
			Duration age = Duration.between(Instant.parse(since), Instant.now());
			return age.toDays() > 0 ? age.toDays() + "d" + age.toHoursPart() + 'h'
					: age.toHours() > 0 ? age.toHours() + "h" + age.toMinutesPart() + 'm'
							: age.toMinutes() > 0 ? age.toMinutes() + "m" + age.toSecondsPart() + 's' : Math.max(0, age.toSeconds()) + "s";
		}
		catch (DateTimeException e) {
			return "-";
		}
	}
}
