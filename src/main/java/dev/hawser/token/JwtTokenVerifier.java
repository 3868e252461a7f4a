package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies signed JWTs (RFC 7519, RFC 7515) as RFC 8725 advises. Nimbus checks the signature and nothing else: its general
 * processor (and Spring's decoder on top of it) costs more than the rest of a handshake, and its parsers accept more than the
 * standards allow.
 */
final class JwtTokenVerifier implements TokenVerifier {
	private static final Logger LOG = LoggerFactory.getLogger(JwtTokenVerifier.class);

	private final KeySource keys;
	private final ClaimRules rules;
	/** Header of the last good token; most tokens of one issuer have the same header. */
	private volatile @Nullable KnownHeader lastHeader;

	private record KnownHeader(String encoded, JWSHeader header) {
	}

	JwtTokenVerifier(KeySource keys, ClaimRules rules) {
		this.keys = keys;
		this.rules = rules;
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		int first = token.indexOf('.');
		int second = token.indexOf('.', first + 1);
		if (token.length() <= TokenSettings.LONGEST_TOKEN && second > first && token.indexOf('.', second + 1) < 0) {
			try {
				// parsed before the keys are fetched: a malformed token is refused as such even while no key is known
				Claims claims = claims(token.substring(first + 1, second));
				if (isSigned(token.substring(0, first), token.substring(0, second), token.substring(second + 1))) {
					return rules.check(claims);
				}
			}
			catch (ParseException e) {
				// the details are of no use to the client
			}
		}
		throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
	}

	private static Claims claims(String part) throws ParseException {
		Map<String, @Nullable Object> claims = TokenPart.object(part);
		if (claims.isEmpty()) {
			throw new ParseException("No claims", 0);
		}
		return Claims.of(claims);
	}

	/** A key is tried only with an algorithm that it allows. */
	private boolean isSigned(String encodedHeader, String signed, String encodedSignature) throws ParseException {
		KnownHeader known = lastHeader;
		JWSHeader header = known != null && known.encoded.equals(encodedHeader) ? known.header : TokenHeader.parse(encodedHeader);
		TokenPart.bytes(encodedSignature);
		Base64URL signature = new Base64URL(encodedSignature);
		byte[] input = signed.getBytes(StandardCharsets.US_ASCII);
		for (VerificationKey key : keys.candidates(header)) {
			if (key.fits(header) && isSignedWith(key, header, input, signature)) {
				lastHeader = new KnownHeader(encodedHeader, header);
				return true;
			}
		}
		return false;
	}

	/** A signature that cannot even be decoded counts as wrong. */
	private static boolean isSignedWith(VerificationKey key, JWSHeader header, byte[] input, Base64URL signature) {
		try {
			return key.verifier().verify(header, input, signature);
		}
		catch (JOSEException | RuntimeException e) {
			LOG.debug("A signature cannot be checked with the key {}: {}", key.id(), e.getClass().getName());
			return false;
		}
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
