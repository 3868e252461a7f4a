package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a secret and a token for a first try of the server, when no key is configured. The secret is gone when the process ends.
 */
public final class DevelopmentToken {
	private static final Duration LIFETIME = Duration.ofHours(24);
	private static final String SUBJECT = "developer";
	private static final int SECRET_BYTES = 48;

	private DevelopmentToken() {
	}

	/** A new random secret for HS256. */
	public static String newSecret() {
		byte[] random = new byte[SECRET_BYTES];
		new SecureRandom().nextBytes(random);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
	}

	/** A token for the user {@code developer} that the server accepts for 24 hours. */
	public static String mint(String secret, List<String> audience) {
		Instant now = Instant.now();
		SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), new JWTClaimsSet.Builder().subject(SUBJECT)
				.audience(audience).issueTime(Date.from(now)).expirationTime(Date.from(now.plus(LIFETIME))).build());
		try {
			jwt.sign(new MACSigner(secret));
		}
		catch (JOSEException e) {
			throw new IllegalStateException("HS256 needs a key of 32 bytes or more", e);
		}
		return jwt.serialize();
	}

	/** The secret that is generated at the start when no key is configured; null when the settings name a key. */
	public record Secret(@Nullable String generated) {
		public static Secret of(TokenSettings settings) {
			return new Secret(settings.trustsAKeyOrIssuer() ? null : newSecret());
		}

		public TokenSettings addedTo(TokenSettings settings) {
			return generated == null ? settings : settings.withSecret(generated);
		}

		@Override
		public String toString() {
			return generated == null ? "configured keys" : "generated secret";
		}
	}
}
