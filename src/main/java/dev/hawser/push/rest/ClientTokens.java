package dev.hawser.push.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hawser.api.Names;
import dev.hawser.token.SharedKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** Makes tokens with which clients connect. */
final class ClientTokens {
	private static final int DEFAULT_MINUTES = 60;
	private static final int MOST_MINUTES = 365 * 24 * 60;

	private final PushKeys keys;
	private final IntSupplier clientPort;

	/** @param clientPort the port that clients connect to */
	ClientTokens(PushKeys keys, IntSupplier clientPort) {
		this.keys = keys;
		this.clientPort = clientPort;
	}

	List<Route> routes() {
		return List.of(Route.of("generateClientToken", "POST", ":generateToken", Verb.TOKEN, this::token).with("userId", "role", "group",
				"minutesToExpire",
				"clientType"));
	}

	private record Token(@JsonProperty String token) {
	}

	private Answer token(Call call) {
		String type = call.query().one("clientType");
		if (type != null && !type.equalsIgnoreCase("Default")) {
			throw ApiException.invalid("clientType", "Only clients of the type Default can connect here.");
		}
		int minutes = call.query().integer("minutesToExpire", DEFAULT_MINUTES, 1, MOST_MINUTES);
		Map<String, Object> claims = new LinkedHashMap<>();
		claims.put("aud", keys.clientUrls(call.request(), clientPort.getAsInt(), call.hub()));
		String user = call.query().one("userId");
		if (user != null) {
			claims.put("sub", Call.user(user, "userId"));
		}
		call.query().all("role").forEach(ClientTokens::requireRole);
		put(claims, "role", call.query().all("role"));
		call.query().all("group").forEach(group -> {
			String _ = call.group(group, "group");
		});
		put(claims, "webpubsub.group", call.query().all("group"));
		String token = call.caller().key().sign(claims, Duration.ofMinutes(minutes));
		if (token.length() > SharedKey.LONGEST_TOKEN) {
			throw ApiException.invalid("role", "A token for these roles and groups would have more than " + SharedKey.LONGEST_TOKEN
					+ " characters: name fewer, or use patterns such as webpubsub.sendToGroups.room.*.");
		}
		return Answer.json(new Token(token));
	}

	private static void requireRole(String role) {
		try {
			Names.requireRole(role);
		}
		catch (IllegalArgumentException e) {
			throw ApiException.invalid("role", String.valueOf(e.getMessage()));
		}
	}

	private static void put(Map<String, Object> claims, String name, List<String> values) {
		if (!values.isEmpty()) {
			claims.put(name, values);
		}
	}
}
