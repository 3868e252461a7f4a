package dev.hawser.application.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The token that a client of the command line shows. */
final class TokenOptions {
	/** A variable with a token. */
	static final String VARIABLE = "HAWSER_TEST_TOKEN";
	private static final Duration LIFETIME = Duration.ofHours(24);
	private static final Pattern LOOPBACK = Pattern.compile("wss?://(localhost|127\\.[0-9.]+|\\[::1])([:/?].*)?", Pattern.CASE_INSENSITIVE);

	@Option(names = "--token-file", paramLabel = "FILE", description = "A file with the token to show; by default the variable " + VARIABLE
			+ ", or a token made with the secret of the configuration, if it has one.")
	private @Nullable String file;

	@Option(names = "--no-token", description = "Show no token.")
	private boolean none;

	@Option(names = "--user", paramLabel = "NAME", description = "The user of a token made here; by default '" + ClientTokens.DEVELOPER
			+ "'. For a server on another machine a token is only made when this is given.")
	private @Nullable String user;

	/**
	 * The token; null for none. A server elsewhere is not shown a token made here unasked.
	 *
	 * @param url that may have a token in its query, which then counts
	 */
	@Nullable
	String token(Invocation here, String hub, String url) {
		if (none || url.contains("access_token=")) {
			return null;
		}
		String given = file != null ? Invocation.secretIn(file) : here.variable(VARIABLE);
		if (given != null) {
			return given.strip();
		}
		ClientTokens tokens = new ClientTokens(here, hub);
		return (user != null || LOOPBACK.matcher(url).matches()) && tokens.canSign()
				? tokens.withSecret(user == null ? ClientTokens.DEVELOPER : user, LIFETIME).token() : null;
	}
}
