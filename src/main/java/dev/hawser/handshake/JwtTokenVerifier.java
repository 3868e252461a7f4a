package dev.hawser.handshake;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies JWTs signed with HS256 (RFC 7519, RFC 7518): signature, {@code exp}, {@code nbf} and {@code aud}. It asks Nimbus
 * itself, whose general processor (and Spring's decoder on top of it) costs more than all else of a handshake.
 */
public final class JwtTokenVerifier implements TokenVerifier {
	/** As strict as Nimbus' own reader, in less time: no member twice, numbers as long or double. */
	private static final ObjectReader JSON = JsonMapper.shared().readerFor(Map.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.with(DeserializationFeature.USE_LONG_FOR_INTS);

	/** Claims that must fit into a long; a longer number would wrap around. */
	private static final List<String> TIMES = List.of("exp", "nbf", "iat");

	private final MACVerifier verifier;
	private final long clockSkewMillis;
	/** Of the last good token: most tokens of one issuer have the same. */
	private volatile @Nullable KnownHeader lastHeader;

	private record KnownHeader(Base64URL encoded, JWSHeader header) {
	}

	private final List<String> audience;

	/** @param secret at least 32 bytes of UTF-8 */
	public JwtTokenVerifier(String secret, HandshakeSettings.Token settings) {
		try {
			verifier = new MACVerifier(secret);
			verifier.getJCAContext().setProvider(Mac.getInstance("HmacSHA256").getProvider()); // or it is looked for each time
		}
		catch (JOSEException | NoSuchAlgorithmException e) {
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
			Base64URL[] parts = JOSEObject.split(token);
			if (parts.length == 3 && isSigned(parts)) {
				Map<String, Object> claims = JSON.readValue(parts[1].decode());
				if (claims != null && !claims.isEmpty() && TIMES.stream().noneMatch(time -> claims.get(time) instanceof BigInteger)) {
					return JWTClaimsSet.parse(claims);
				}
			}
		}
		catch (ParseException | JOSEException | JacksonException | IllegalArgumentException e) {
			// what is wrong with it in detail is of no use to the client
		}
		throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
	}

	private boolean isSigned(Base64URL[] parts) throws ParseException, JOSEException {
		KnownHeader known = lastHeader;
		JWSHeader header = known != null && known.encoded.equals(parts[0]) ? known.header : JWSHeader.parse(parts[0]);
		// Only this algorithm: neither "none" nor one that would take the secret for a public key. RFC 7797 section 7: the
		// payload of a JWT is always encoded
		if (!JWSAlgorithm.HS256.equals(header.getAlgorithm()) || !header.isBase64URLEncodePayload()) {
			return false;
		}
		byte[] signed = (parts[0].toString() + '.' + parts[1]).getBytes(StandardCharsets.UTF_8);
		if (!verifier.verify(header, signed, parts[2])) {
			return false;
		}
		lastHeader = new KnownHeader(parts[0], header);
		return true;
	}
}
