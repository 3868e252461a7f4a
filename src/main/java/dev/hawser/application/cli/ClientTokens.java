package dev.hawser.application.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes tokens that a hub of the configured server accepts, with what the configuration says of keys, audience and issuer. */
final class ClientTokens {
	/** The user of a token that names none. */
	static final String DEVELOPER = "developer";
	private static final String ALGORITHM = "HS256";

	private final Invocation here;
	private final String hub;

	ClientTokens(Invocation here, String hub) {
		this.here = here;
		this.hub = hub;
	}

	/** @param url where a client with the token connects */
	record Made(String token, String url) {
	}

	/** A token signed with the hub's secret. */
	Made withSecret(String user, Duration lifetime) {
		String secret = secret();
		if (secret == null) {
			throw CommandFailure
					.saidNo(here.hasSettings("hawser.handshake.token") || here.hasSettings("hawser.hubs." + hub + ".handshake.token")
							? "The configuration has no secret that this command could sign with: the holder of the private key, or the issuer, makes the"
									+ " tokens."
							: "No hawser.handshake.token.secret is configured: a server without one prints a token of its own at each start.");
		}
		List<String> algorithms = list("algorithms");
		if (!algorithms.isEmpty() && !algorithms.contains(ALGORITHM)) {
			throw CommandFailure
					.saidNo("hawser.handshake.token.algorithms accepts no " + ALGORITHM + ", and this command signs with nothing else.");
		}
		Map<String, Object> claims = new LinkedHashMap<>(Map.of("sub", user));
		List<String> audience = list("audience");
		claims.put("aud", audience.isEmpty() ? List.of("hawser") : audience);
		String issuer = setting("issuer");
		if (issuer != null) {
			claims.put("iss", issuer);
		}
		return new Made(PushOptions.signed(secret, claims, lifetime), new ServerAddress(here).hub(hub));
	}

	/** A token signed with a key of the push API. */
	Made withPushKey(String user, Duration lifetime, List<String> groups, List<String> roles) {
		String base = here.setting("hawser.public-url");
		String path = "/client/hubs/" + hub;
		String clients = new ServerAddress(here).clients();
		String url = (base == null ? clients : OperationsOptions.withoutSlash(base).replaceFirst("^http", "ws")) + path;
		Map<String, Object> claims = new LinkedHashMap<>(Map.of("sub", user, "aud", List.of(url.replaceFirst("^ws", "http"))));
		if (!groups.isEmpty()) {
			claims.put("webpubsub.group", groups);
		}
		if (!roles.isEmpty()) {
			claims.put("role", roles);
		}
		return new Made(PushOptions.signed(PushOptions.key(here), claims, lifetime), url);
	}

	/** Whether tokens can be made with a secret of the configuration. */
	boolean canSign() {
		return secret() != null;
	}

	private @Nullable String secret() {
		return Stream.of("secret", "keys[0].secret", "keys[1].secret", "keys[2].secret", "keys[3].secret").map(this::setting)
				.filter(Objects::nonNull).findFirst().map(Invocation::withoutLineBreak).orElse(null);
	}

	private @Nullable String setting(String name) {
		String own = here.setting("hawser.hubs." + hub + ".handshake.token." + name);
		return own != null ? own : here.setting("hawser.handshake.token." + name);
	}

	private List<String> list(String name) {
		List<String> own = here.settings("hawser.hubs." + hub + ".handshake.token." + name);
		return own.isEmpty() ? here.settings("hawser.handshake.token." + name) : own;
	}
}
