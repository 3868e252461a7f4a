package dev.hawser.handshake;

import dev.hawser.token.HubTokens;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.VerifiedToken;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a hub for its clients; replaced as a whole in a reload.
 *
 * @param settings the rules
 * @param verifier checks tokens by these rules
 * @param origins the origins that the rules allow
 * @param development whether no key or issuer is configured that could check a token
 * @param elsewhere tokens that are accepted too, though the verifier does not know them
 */
public record HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier, AllowedOrigins origins, boolean development,
		HubTokens.OfHub elsewhere) {

	public HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier) {
		this(settings, verifier, new AllowedOrigins(settings.allowedOrigins()), false, HubTokens.OfHub.NONE);
	}

	/**
	 * A token that lets its client in.
	 *
	 * @param endsAt when the connection must be closed because the token has expired; null for never
	 * @param groups groups that the connection joins when it opens
	 * @param roles  roles of the connection
	 */
	public record Accepted(VerifiedToken token, @Nullable Instant endsAt, Set<String> groups, Set<String> roles) {
	}

	/**
	 * Verifies the token of a client. What is signed elsewhere is tried first: that costs little, and such a token is nothing that an
	 * issuer should be asked about.
	 *
	 * @param address the URL of the client's request
	 * @throws InvalidTokenException when the token is not to be trusted; any other exception means that it cannot be checked now
	 */
	public Accepted verify(String address, String token) throws InvalidTokenException {
		InvalidTokenException refusal = null;
		try {
			HubTokens.Found found = elsewhere.find(address, token);
			if (found != null) {
				return new Accepted(found.token(), settings.token().endOf(found.token(), found.clockSkew()), found.groups(), found.roles());
			}
		}
		catch (InvalidTokenException e) {
			if (verifier.mayBlock()) {
				throw e; // an issuer has nothing to do with a token of ours
			}
			refusal = e; // the same secret may also be one of the verifier's
		}
		try {
			VerifiedToken verified = verifier.verify(token);
			return new Accepted(verified, settings.token().endOf(verified), Set.of(), Set.of());
		}
		catch (InvalidTokenException e) {
			throw refusal == null ? e : refusal;
		}
	}

	/** Whether pages of this origin may connect. */
	public boolean admitsPagesOf(String origin) {
		return origins.contains(origin);
	}

	/** The name of the cookie in which a client may show its token. */
	public String tokenCookie() {
		return settings.token().cookie();
	}

	/** This policy, but pages from the browser's own machine may connect as well: for a development server. */
	public HandshakePolicy forDevelopment() {
		return new HandshakePolicy(settings, verifier, origins.withLoopback(), true, elsewhere);
	}

	/** This policy, but these tokens are accepted as well. */
	HandshakePolicy with(HubTokens.OfHub others) {
		return new HandshakePolicy(settings, verifier, origins, development, others);
	}

	/** Does not contain the settings, which may hold a secret. */
	@Override
	public String toString() {
		return "HandshakePolicy";
	}
}
