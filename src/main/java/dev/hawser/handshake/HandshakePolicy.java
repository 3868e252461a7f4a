package dev.hawser.handshake;

import dev.hawser.api.Names;
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
	 * Verifies the token of a client. A verifier that may block is asked last: a token that is signed elsewhere is nothing that an issuer should be
	 * asked about. Any other verifier is asked first, since nearly every token is its own, and each further key costs as much again.
	 *
	 * @param address the URL of the client's request
	 * @throws InvalidTokenException when the token is not to be trusted; any other exception means that it cannot be checked now
	 */
	public Accepted verify(String address, String token) throws InvalidTokenException {
		return named(verified(address, token));
	}

	/** The token, if its user, groups and roles have names that users, groups and roles can have. An empty user is none. */
	private static Accepted named(Accepted accepted) throws InvalidTokenException {
		try {
			String user = accepted.token().subject();
			if (user != null && !user.isEmpty()) {
				Names.requireUser(user);
			}
			accepted.groups().forEach(Names::requireGroup);
			accepted.roles().forEach(Names::requireRole);
			return accepted;
		}
		catch (IllegalArgumentException e) {
			throw new InvalidTokenException("token-invalid", "A name in the token cannot be used. " + e.getMessage());
		}
	}

	private Accepted verified(String address, String token) throws InvalidTokenException {
		if (verifier.mayBlock()) {
			Accepted signedElsewhere = verifyElsewhere(address, token);
			return signedElsewhere == null ? accepted(verifier.verify(token)) : signedElsewhere;
		}
		VerifiedToken own;
		try {
			own = verifier.verify(token);
		}
		catch (InvalidTokenException e) {
			Accepted signedElsewhere = verifyElsewhere(address, token);
			if (signedElsewhere == null) {
				throw e;
			}
			return signedElsewhere;
		}
		return elsewhere.isMeantBy(own) ? preferElsewhere(address, token, own) : accepted(own);
	}

	/** The same secret may be one of the verifier's and one that is used elsewhere. */
	private Accepted preferElsewhere(String address, String token, VerifiedToken own) {
		try {
			Accepted signedElsewhere = verifyElsewhere(address, token);
			return signedElsewhere == null ? accepted(own) : signedElsewhere;
		}
		catch (InvalidTokenException e) {
			return accepted(own);
		}
	}

	private @Nullable Accepted verifyElsewhere(String address, String token) throws InvalidTokenException {
		HubTokens.Found found = elsewhere.find(address, token);
		return found == null ? null
				: new Accepted(found.token(), settings.token().endOf(found.token(), found.clockSkew()), found.groups(), found.roles());
	}

	private Accepted accepted(VerifiedToken token) {
		return new Accepted(token, settings.token().endOf(token), Set.of(), Set.of());
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
