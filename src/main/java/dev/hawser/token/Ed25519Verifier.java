package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Set;

/** Checks Ed25519 signatures (RFC 8037) with the JDK; Nimbus' own verifier would need one more library. */
final class Ed25519Verifier extends BaseJWSProvider implements JWSVerifier {
	private static final String CURVE = NamedParameterSpec.ED25519.getName();

	private final EdECPublicKey key;

	Ed25519Verifier(EdECPublicKey key) {
		super(Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519));
		this.key = key;
	}

	static boolean supports(EdECPublicKey key) {
		return key.getParams().getName().equals(CURVE);
	}

	@Override
	public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) throws JOSEException {
		try {
			Signature check = Signature.getInstance(CURVE);
			check.initVerify(key);
			check.update(signingInput);
			return check.verify(signature.decode());
		}
		catch (SignatureException e) {
			return false;
		}
		catch (GeneralSecurityException e) {
			throw new JOSEException("This JDK has no " + CURVE, e);
		}
	}
}
