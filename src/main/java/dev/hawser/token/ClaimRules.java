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
	private final @Nullable String issuer;
	private final List<String> audience;
	private final long clockSkewMillis;
	private final boolean mustExpire;
	private final InstantSource clock;

	private ClaimRules(@Nullable String issuer, List<String> audience, Duration clockSkew, boolean mustExpire, InstantSource clock) {
		this.issuer = issuer;
		this.audience = audience;
		this.clockSkewMillis = clockSkew.toMillis();
		this.mustExpire = mustExpire;
		this.clock = clock;
	}

	/** For JWTs. They must have an {@code exp}: a JWT without one would be valid for ever. */
	static ClaimRules ofJwt(TokenSettings settings, InstantSource clock) {
		return new ClaimRules(settings.issuer(), settings.audience(), settings.clockSkew(), true, clock);
	}

	/** For JWTs of any issuer and audience. They must have an {@code exp}. */
	static ClaimRules ofTimes(Duration clockSkew, InstantSource clock) {
		return new ClaimRules(null, List.of(), clockSkew, true, clock);
	}

	/**
	 * For introspected tokens. The issuer may leave out {@code exp} (RFC 7662 section 2.2), since it can end a token at any time.
	 */
	static ClaimRules ofIntrospection(TokenSettings settings, InstantSource clock) {
		return new ClaimRules(settings.issuer(), settings.audience(), settings.clockSkew(), false, clock);
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
		if (expires == null && mustExpire) {
			throw new InvalidTokenException("token-expired", "The token has no 'exp': a token that never ends is not accepted.");
		}
		if (expires != null && now - clockSkewMillis >= expires.toEpochMilli()) {
			throw new InvalidTokenException("token-expired", "The token has expired.");
		}
		if (notBefore != null && now + clockSkewMillis < notBefore.toEpochMilli()) {
			throw new InvalidTokenException("token-not-yet-valid", "The token is not valid yet.");
		}
	}
}
