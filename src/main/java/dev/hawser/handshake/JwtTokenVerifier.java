package dev.hawser.handshake;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;

/** Verifies JWTs signed with HS256 (RFC 7519, RFC 7518): signature, {@code exp}, {@code nbf} and {@code aud}. */
public final class JwtTokenVerifier implements TokenVerifier {
	private final NimbusJwtDecoder decoder;
	private final JwtTimestampValidator times;
	private final List<String> audience;

	/** @param secret at least 32 bytes of UTF-8 */
	public JwtTokenVerifier(String secret, HandshakeSettings.Token settings) {
		SecretKey key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
		decoder = NimbusJwtDecoder.withSecretKey(key).macAlgorithm(MacAlgorithm.HS256).build();
		decoder.setJwtValidator(_ -> OAuth2TokenValidatorResult.success());
		times = new JwtTimestampValidator(settings.clockSkew());
		audience = settings.audience();
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		Jwt jwt = decode(token);
		if (jwt.getExpiresAt() == null) {
			throw new InvalidTokenException("token-expired", "The token has no 'exp': one that never ends is not accepted.");
		}
		if (times.validate(jwt).hasErrors()) {
			throw Instant.now().isBefore(jwt.getExpiresAt())
					? new InvalidTokenException("token-not-yet-valid", "The token is not valid yet.")
					: new InvalidTokenException("token-expired", "The token has expired.");
		}
		if (!audience.isEmpty() && (jwt.getAudience() == null || audience.stream().noneMatch(jwt.getAudience()::contains))) {
			throw new InvalidTokenException("token-audience", "The token's 'aud' does not name this server.");
		}
		return new VerifiedToken(jwt.getSubject(), jwt.getClaims(), jwt.getExpiresAt());
	}

	private Jwt decode(String token) throws InvalidTokenException {
		try {
			return decoder.decode(token);
		}
		catch (JwtException e) {
			throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
		}
	}
}
