package dev.hawser.push.rest;

import dev.hawser.token.HubTokens;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.VerifiedToken;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the tokens that the holders of keys sign for clients, as SDKs do:
 *
 * <pre>
 *  {"aud":"http://127.0.0.1:9501/client/hubs/chat","exp":1893456000,"sub":"alice",
 *   "role":["webpubsub.joinLeaveGroup"],"webpubsub.group":["room-1"]}
 * </pre>
 *
 * The audience names the hub, below any of the server's URLs. User, roles and groups may be left out; a single role or group may
 * stand without a list.
 */
final class ClientTokenCheck implements HubTokens {
	private static final String CLIENTS = "/client/hubs/";

	private final PushKeys keys;

	ClientTokenCheck(PushKeys keys) {
		this.keys = keys;
	}

	@Override
	public OfHub of(String hub) {
		List<String> targets = List.of(CLIENTS + hub);
		return new OfHub() {
			@Override
			public @Nullable Found find(String address, String token) throws InvalidTokenException {
				return ClientTokenCheck.this.find(hub, targets, address, token);
			}

			@Override
			public boolean isMeantBy(VerifiedToken verified) {
				return verified.audience().stream().anyMatch(audience -> audience.contains(CLIENTS));
			}
		};
	}

	private @Nullable Found find(String hub, List<String> targets, String address, String token) throws InvalidTokenException {
		PushKeys.Signed signed = keys.find(token);
		if (signed == null) {
			return null;
		}
		VerifiedToken verified = signed.token();
		if (!keys.audience(origin(address), targets).isNamedIn(verified.audience())) {
			throw new InvalidTokenException("token-audience", "The token's 'aud' is not this hub's URL, which ends in /client/hubs/ and the"
					+ " hub; behind a proxy that changes the URL, set hawser.public-url.");
		}
		if (!signed.by().isFor(hub)) {
			throw new InvalidTokenException("token-invalid",
					"The key of this token is not for this hub: sign with another key, or add the hub to the key's hubs.");
		}
		if (!signed.by().may(Verb.TOKEN)) {
			throw new InvalidTokenException("token-invalid",
					"The key of this token must not sign tokens for clients: it needs the verb 'token'.");
		}
		return new Found(verified, groups(verified), texts(verified, "role"), keys.clockSkew());
	}

	/** Scheme and authority of a URL. */
	private static String origin(String address) {
		int path = address.indexOf('/', address.indexOf("://") + 3);
		return path < 0 ? address : address.substring(0, path);
	}

	private Set<String> groups(VerifiedToken token) throws InvalidTokenException {
		int longest = keys.settings().longestGroupName();
		Set<String> groups = texts(token, "webpubsub.group");
		if (groups.stream().anyMatch(group -> group.isEmpty() || group.length() > longest)) {
			throw invalid("webpubsub.group");
		}
		return groups;
	}

	private static Set<String> texts(VerifiedToken token, String claim) throws InvalidTokenException {
		return switch (token.claims().get(claim)) {
			case null -> Set.of();
			case String text -> Set.of(text);
			case Collection<?> several -> {
				Set<String> texts = new LinkedHashSet<>();
				for (Object each : several) {
					if (!(each instanceof String text)) {
						throw invalid(claim);
					}
					texts.add(text);
				}
				yield texts;
			}
			default -> throw invalid(claim);
		};
	}

	private static InvalidTokenException invalid(String claim) {
		return new InvalidTokenException("token-invalid", "The token's '" + claim + "' must be a text or a list of texts; a group has 1 to"
				+ " as many characters as hawser.push.longest-group-name allows.");
	}
}
