package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed JWTs (RFC 7519, RFC 7515) as RFC 8725 advises. It asks Nimbus itself, whose general processor (and Spring's
 * decoder on top of it) costs more than all else of a handshake.
 */
final class JwtTokenVerifier implements TokenVerifier {
	/** RFC 8725 section 3.11: a JWT of another type, say a logout token, is no ticket. Absent, a JWT's or an access token's. */
	private static final Set<@Nullable JOSEObjectType> TYPES = new HashSet<>(Arrays.asList(null, JOSEObjectType.JWT,
			new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt")));

	private final KeySource keys;
	private final ClaimRules rules;

	JwtTokenVerifier(KeySource keys, ClaimRules rules) {
		this.keys = keys;
		this.rules = rules;
	}

	@Override
	public VerifiedToken verify(String token) throws InvalidTokenException {
		if (token.length() <= TokenSettings.LONGEST_TOKEN) {
			try {
				SignedJWT jwt = SignedJWT.parse(token);
				if (isTicket(jwt.getHeader()) && isSigned(jwt)) {
					JWTClaimsSet claims = jwt.getJWTClaimsSet();
					if (claims != null && !claims.getClaims().isEmpty()) {
						return rules.check(claims);
					}
				}
			}
			catch (ParseException | JOSEException | IllegalArgumentException e) {
				// what is wrong with it in detail is of no use to the client
			}
		}
		throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
	}

	/** No extension is known here, so that none can be critical (RFC 7515 section 4.1.11; RFC 7797 section 7 for b64). */
	private static boolean isTicket(JWSHeader header) {
		return header.getCriticalParams() == null && header.isBase64URLEncodePayload() && TYPES.contains(header.getType());
	}

	/** A key is only ever asked about an algorithm that it allows. */
	private boolean isSigned(SignedJWT jwt) throws JOSEException {
		JWSHeader header = jwt.getHeader();
		for (VerificationKey key : keys.candidates(header)) {
			if (key.fits(header) && jwt.verify(key.verifier())) {
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
