package dev.hawser.application.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a token for a client. */
@Command(name = "token", description = "Make a token for a client, signed with the first secret of the configuration.", footer = { "",
		"Example:", "  java -jar hawser.jar token --user ann --expires 1h" })
final class TokenCommand extends Verb {
	@Option(names = "--user", paramLabel = "NAME", defaultValue = ClientTokens.DEVELOPER, description = "Name of the user; by default '"
			+ ClientTokens.DEVELOPER + "'.")
	private String user = "";

	@Option(names = "--hub", paramLabel = "NAME", defaultValue = "default", description = "The hub that the token is for; by default"
			+ " 'default'.")
	private String hub = "";

	@Option(names = "--expires", paramLabel = "TIME", defaultValue = "24h", description = "How long the token is valid, such as 30m; 24h by"
			+ " default.")
	private Duration expires = Duration.ZERO;

	@Option(names = "--group", paramLabel = "NAME",
			description = "A group that the client joins at once. Such a token is signed with the key of"
					+ " the push API.")
	private List<String> groups = List.of();

	@Option(names = "--role", paramLabel = "ROLE",
			description = "A role of the client, such as webpubsub.joinLeaveGroup. Such a token is signed"
					+ " with the key of the push API.")
	private List<String> roles = List.of();

	@Option(names = "--push-key", description = "Sign with the key of the push API, for the hub's path /client/hubs/NAME.")
	private boolean pushKey;

	@Option(names = "--json", description = "Write the token as JSON, with the URL that it is for.")
	private boolean json;

	TokenCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() {
		ClientTokens tokens = new ClientTokens(here(), hub);
		ClientTokens.Made made = pushKey || !groups.isEmpty() || !roles.isEmpty() ? tokens.withPushKey(user, expires, groups, roles)
				: tokens.withSecret(user, expires);
		if (json) {
			Map<String, String> result = new LinkedHashMap<>();
			result.put("url", made.url());
			result.put("token", made.token());
			here().sayJson(result);
		}
		else {
			here().say(made.token());
		}
		return 0;
	}
}
