package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies signed JWTs (RFC 7519, RFC 7515) as RFC 8725 advises. It asks Nimbus itself, whose general processor (and Spring's
 * decoder on top of it) costs more than all else of a handshake.
 */
final class JwtTokenVerifier implements TokenVerifier {
	/** RFC 8725 section 3.11: a JWT of another type, say a logout token, is no ticket. Absent, a JWT's or an access token's. */
	private static final Set<@Nullable JOSEObjectType> TYPES = new HashSet<>(Arrays.asList(null, JOSEObjectType.JWT,
			new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt")));

	/** As strict as Nimbus' own reader, in less time: no member twice, numbers as long or double. */
	private static final ObjectReader JSON = JsonMapper.shared().readerFor(Map.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.with(DeserializationFeature.USE_LONG_FOR_INTS);

	/** Claims that must fit into a long; a longer number would wrap around. */
	private static final List<String> TIMES = List.of("exp", "nbf", "iat");

	private final KeySource keys;
	private final ClaimRules rules;
	/** Of the last good token: most tokens of one issuer have the same. */
	private volatile @Nullable KnownHeader lastHeader;

	private record KnownHeader(Base64URL encoded, JWSHeader header) {
	}

	JwtTokenVerifier(KeySource keys, ClaimRules rules) {
		this.keys = keys;
		this.rules = rules;
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		if (token.length() <= TokenSettings.LONGEST_TOKEN) {
			try {
				Base64URL[] parts = JOSEObject.split(token);
				if (parts.length == 3 && isSigned(parts)) {
					// the JDK's decoder, which takes a tenth of the time: nothing secret is in what the client has sent
					Map<String, Object> claims = JSON.readValue(Base64.getUrlDecoder().decode(parts[1].toString()));
					if (claims != null && !claims.isEmpty() && fitTimes(claims)) {
						return rules.check(JWTClaimsSet.parse(claims));
					}
				}
			}
			catch (ParseException | JOSEException | JacksonException | IllegalArgumentException e) {
				// what is wrong with it in detail is of no use to the client
			}
		}
		throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
	}

	private static boolean fitTimes(Map<String, Object> claims) {
		for (String time : TIMES) {
			if (claims.get(time) instanceof BigInteger) {
				return false;
			}
		}
		return true;
	}

	/** No extension is known here, so that none can be critical (RFC 7515 section 4.1.11; RFC 7797 section 7 for b64). */
	private static boolean isTicket(JWSHeader header) {
		return header.getCriticalParams() == null && header.isBase64URLEncodePayload() && TYPES.contains(header.getType());
	}

	/** A key is only ever asked about an algorithm that it allows. */
	private boolean isSigned(Base64URL[] parts) throws ParseException, JOSEException {
		KnownHeader known = lastHeader;
		JWSHeader header = known != null && known.encoded.equals(parts[0]) ? known.header : JWSHeader.parse(parts[0]);
		if (!isTicket(header)) {
			return false;
		}
		byte[] signed = (parts[0].toString() + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII);
		for (VerificationKey key : keys.candidates(header)) {
			if (key.fits(header) && key.verifier().verify(header, signed, parts[2])) {
				lastHeader = new KnownHeader(parts[0], header);
				return true;
			}
		}
		return false;
	}

	@Override
	public boolean mayBlock() {
		return keys.mayBlock();
	}

	@Override
	public void close() {
		keys.close();
	}
}
