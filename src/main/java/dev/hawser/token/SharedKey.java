package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A secret that this server shares with programs, which sign tokens with it by HS256 and by no other algorithm. The {@code kid} of a
 * token does not matter. Safe for any thread.
 */
public final class SharedKey {
	/** Fewest bytes of a secret (RFC 7518 section 3.2). */
	public static final int SHORTEST = 32;

	/** Most characters of a token; a longer one is refused. */
	public static final int LONGEST_TOKEN = TokenSettings.LONGEST_TOKEN;

	private final byte[] secret;
	private final TokenVerifier verifier;
	private final long clockSkewMillis;
	private final InstantSource clock;

	private SharedKey(String secret, Duration clockSkew, InstantSource clock) {
		this.secret = secret.getBytes(StandardCharsets.UTF_8);
		VerificationKey key = VerificationKey.ofSecret(null, secret).restrictedTo(Set.of(JWSAlgorithm.HS256.getName()));
		this.verifier = new JwtTokenVerifier(KeySource.of(List.of(key)), ClaimRules.ofTimes(clockSkew, clock));
		this.clockSkewMillis = clockSkew.toMillis();
		this.clock = clock;
	}

	/**
	 * The key with this secret.
	 *
	 * @param clockSkew largest difference between the clocks of signer and server that is tolerated
	 * @throws IllegalArgumentException when the secret has fewer than {@link #SHORTEST} bytes
	 */
	public static SharedKey of(String secret, Duration clockSkew) {
		return of(secret, clockSkew, InstantSource.system());
	}

	static SharedKey of(String secret, Duration clockSkew, InstantSource clock) {
		return new SharedKey(secret, clockSkew, clock);
	}

	/**
	 * Verifies signature and times; a token without {@code exp} is refused. The caller has to check {@code aud}.
	 *
	 * @throws InvalidTokenException when the token is not to be trusted; its reason is {@code token-invalid} when this key has not
	 *     signed the token
	 */
	public VerifiedToken verify(String token) throws InvalidTokenException {
		return verifier.verify(token);
	}

	/**
	 * Checks whether a token that {@link #verify} has returned before is still valid.
	 *
	 * @throws InvalidTokenException when it has expired
	 */
	public void verifyAgain(VerifiedToken known) throws InvalidTokenException {
		Instant expires = known.expiresAt();
		if (expires == null || clock.millis() - clockSkewMillis >= expires.toEpochMilli()) {
			throw new InvalidTokenException("token-expired", "The token has expired.");
		}
	}

	/** A token with these claims, issued now, which expires after this time. Values are texts and lists of texts. */
	public String sign(Map<String, ?> claims, Duration lifetime) {
		Instant now = clock.instant();
		JWTClaimsSet.Builder all = new JWTClaimsSet.Builder().issueTime(Date.from(now)).expirationTime(Date.from(now.plus(lifetime)));
		claims.forEach(all::claim);
		SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), all.build());
		try {
			jwt.sign(new MACSigner(secret));
		}
		catch (JOSEException e) {
			throw new IllegalStateException("Every JVM has HMAC with SHA-256", e);
		}
		return jwt.serialize();
	}
}
