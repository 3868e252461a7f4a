package dev.hawser.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the claims of a token whose signature is good, or for which the issuer has vouched: {@code iss}, {@code exp}, {@code nbf}
 * and {@code aud} (RFC 7519 section 4.1).
 */
final class ClaimRules {
	/** What must be known of the time at which a token ends. */
	private enum End {
		MAY_BE_MISSING,
		NEEDED,
		/** Needed, and no time that never comes. */
		MUST_COME
	}

	private final @Nullable String issuer;
	private final List<String> audience;
	private final long clockSkewMillis;
	private final End end;
	private final InstantSource clock;

	private ClaimRules(@Nullable String issuer, List<String> audience, Duration clockSkew, End end, InstantSource clock) {
		this.issuer = issuer;
		this.audience = audience;
		this.clockSkewMillis = clockSkew.toMillis();
		this.end = end;
		this.clock = clock;
	}

	/** For JWTs. They must have an {@code exp}: a JWT without one would be valid for ever. */
	static ClaimRules ofJwt(TokenSettings settings, InstantSource clock) {
		return new ClaimRules(settings.issuer(), settings.audience(), settings.clockSkew(), End.NEEDED, clock);
	}

	/** For JWTs of any issuer and audience. They must have an {@code exp}, and one that comes: a program that signs its own tokens has no reason for others. */
	static ClaimRules ofTimes(Duration clockSkew, InstantSource clock) {
		return new ClaimRules(null, List.of(), clockSkew, End.MUST_COME, clock);
	}

	/**
	 * For introspected tokens. The issuer may leave out {@code exp} (RFC 7662 section 2.2), since it can end a token at any time.
	 */
	static ClaimRules ofIntrospection(TokenSettings settings, InstantSource clock) {
		return new ClaimRules(settings.issuer(), settings.audience(), settings.clockSkew(), End.MAY_BE_MISSING, clock);
	}

	VerifiedToken check(Claims claims) throws InvalidTokenException {
		if (issuer != null && !issuer.equals(claims.issuer())) {
			throw new InvalidTokenException("token-issuer", "The token's 'iss' is not the issuer that this server trusts.");
		}
		checkTimes(claims);
		if (!audience.isEmpty() && audience.stream().noneMatch(claims.audience()::contains)) {
			throw new InvalidTokenException("token-audience", "The token's 'aud' does not name this server.");
		}
		return new VerifiedToken(claims.subject(), claims.all(), claims.expiresAt(), claims.id());
	}

	private void checkTimes(Claims claims) throws InvalidTokenException {
		Instant expires = claims.expiresAt();
		Instant notBefore = claims.notBefore();
		long now = clock.millis();
		if (expires == null && end != End.MAY_BE_MISSING) {
			throw new InvalidTokenException("token-expired", "The token has no 'exp': a token that never ends is not accepted.");
		}
		if (expires != null && now - clockSkewMillis >= expires.toEpochMilli()) {
			throw new InvalidTokenException("token-expired", "The token has expired.");
		}
		if (expires != null && end == End.MUST_COME && !expires.isBefore(Claims.LAST_OF_ALL)) {
			throw new InvalidTokenException("token-expired",
					"The token's 'exp' is a time that never comes: it must be in seconds since 1970, and before the year 10000.");
		}
		if (notBefore != null && now + clockSkewMillis < notBefore.toEpochMilli()) {
			throw new InvalidTokenException("token-not-yet-valid", "The token is not valid yet.");
		}
	}
}
