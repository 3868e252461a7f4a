package dev.hawser.handshake;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * Verifies JWTs signed with HS256 (RFC 7519, RFC 7518): signature, {@code exp}, {@code nbf} and {@code aud}. It asks Nimbus
 * itself, whose general processor (and Spring's decoder on top of it) costs more than all else of a handshake.
 */
public final class JwtTokenVerifier implements TokenVerifier {
	private final JWSVerifier verifier;
	private final long clockSkewMillis;
	private final List<String> audience;

	/** @param secret at least 32 bytes of UTF-8 */
	public JwtTokenVerifier(String secret, HandshakeSettings.Token settings) {
		try {
			verifier = new MACVerifier(secret);
		}
		catch (JOSEException e) {
			throw new IllegalArgumentException("HS256 needs a key of 32 bytes or more", e);
		}
		clockSkewMillis = settings.clockSkew().toMillis();
		audience = settings.audience();
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		JWTClaimsSet claims = verifiedClaims(token);
		Date expires = claims.getExpirationTime();
		long now = System.currentTimeMillis();
		if (expires == null) {
			throw new InvalidTokenException("token-expired", "The token has no 'exp': one that never ends is not accepted.");
		}
		if (now - clockSkewMillis >= expires.getTime()) {
			throw new InvalidTokenException("token-expired", "The token has expired.");
		}
		if (claims.getNotBeforeTime() != null && now + clockSkewMillis < claims.getNotBeforeTime().getTime()) {
			throw new InvalidTokenException("token-not-yet-valid", "The token is not valid yet.");
		}
		if (!audience.isEmpty() && audience.stream().noneMatch(claims.getAudience()::contains)) {
			throw new InvalidTokenException("token-audience", "The token's 'aud' does not name this server.");
		}
		return new VerifiedToken(claims.getSubject(), claims.getClaims(), Instant.ofEpochMilli(expires.getTime()));
	}

	/** All it needs is in memory. */
	@Override
	public boolean mayBlock() {
		return false;
	}

	private JWTClaimsSet verifiedClaims(String token) throws InvalidTokenException {
		try {
			SignedJWT jwt = SignedJWT.parse(token);
			// Only this algorithm: neither "none" nor one that would take the secret for a public key
			if (JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) && jwt.verify(verifier)) {
				JWTClaimsSet claims = jwt.getJWTClaimsSet();
				if (claims != null && !claims.getClaims().isEmpty()) {
					return claims;
				}
			}
		}
		catch (ParseException | JOSEException | IllegalArgumentException e) {
			// what is wrong with it in detail is of no use to the client
		}
		throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
	}
}
