package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * A key with the algorithms that it may be used with. The algorithms follow from the kind of the key, never from a token: a public
 * key can thus never be used as the secret of an HMAC, and no key allows {@code none}.
 *
 * @param id         the {@code kid} of the key; a key without one (null) fits tokens with any {@code kid}
 * @param algorithms the values of {@code alg} that a token may have
 * @param verifier   checks a signature with this key; safe for use by many threads
 */
record VerificationKey(@Nullable String id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {
	private static final Set<JWSAlgorithm> RSA = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512,
			JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512);
	private static final String KINDS = "must be a key for RSA (2048 bits or more), EC (P-256, P-384, P-521) or Ed25519";
	/** The name in RFC 8037, and the newer one in RFC 9864. */
	private static final Set<JWSAlgorithm> ED25519 = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

	private static final Set<JWSAlgorithm> EC = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

	/** All algorithms of public keys. */
	static final Set<JWSAlgorithm> PUBLIC_KEY_ALGORITHMS = Stream.of(RSA, EC, ED25519).flatMap(Set::stream)
			.collect(Collectors.toUnmodifiableSet());
	/** The names of all algorithms, of public keys and of secrets. */
	static final Set<String> ALGORITHM_NAMES = Stream.of(PUBLIC_KEY_ALGORITHMS, MACVerifier.SUPPORTED_ALGORITHMS)
			.flatMap(Set::stream).map(JWSAlgorithm::getName).collect(Collectors.toUnmodifiableSet());

	/**
	 * A shared secret, for HMAC with every hash that it is long enough for (RFC 7518 section 3.2).
	 *
	 * @throws IllegalArgumentException when it is shorter than 32 bytes
	 */
	static VerificationKey ofSecret(@Nullable String id, String secret) {
		byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
		try {
			MACVerifier verifier = new MACVerifier(bytes);
			verifier.getJCAContext().setProvider(Mac.getInstance("HmacSHA256").getProvider()); // else it is looked up each time
			Set<JWSAlgorithm> algorithms = new LinkedHashSet<>(verifier.supportedJWSAlgorithms());
			algorithms.removeIf(algorithm -> bytes.length < Integer.parseInt(algorithm.getName().substring(2)) / Byte.SIZE);
			return new VerificationKey(id, Set.copyOf(algorithms), verifier);
		}
		catch (JOSEException | NoSuchAlgorithmException e) {
			throw new IllegalArgumentException("A secret needs 32 bytes or more", e);
		}
	}

	/**
	 * A public key: RSA of at least 2048 bits (RFC 7518 section 3.3), EC on P-256, P-384 or P-521, or Ed25519; it must be sound
	 * ({@link PublicKeyCheck}).
	 *
	 * @throws IllegalArgumentException when the key is none of these; the message completes a sentence that begins with the
	 *     property
	 */
	static VerificationKey ofPublicKey(@Nullable String id, PublicKey key) {
		if (!PublicKeyCheck.isSound(key)) {
			throw new IllegalArgumentException(KINDS);
		}
		try {
			return switch (key) {
				case RSAPublicKey rsa -> new VerificationKey(id, RSA, new RSASSAVerifier(rsa));
				case ECPublicKey ec -> {
					ECDSAVerifier verifier = new ECDSAVerifier(ec);
					yield new VerificationKey(id, verifier.supportedJWSAlgorithms(), verifier);
				}
				case EdECPublicKey ed -> new VerificationKey(id, ED25519, new Ed25519Verifier(ed));
				default -> throw new IllegalArgumentException(KINDS);
			};
		}
		catch (JOSEException e) {
			throw new IllegalArgumentException("must be a key on the curve P-256, P-384 or P-521", e);
		}
	}

	/**
	 * A key that an issuer publishes; empty when the key is not for signatures, is too weak, or is a secret, which must never be
	 * published.
	 *
	 * @param allowed names of algorithms; empty for all
	 */
	static Optional<VerificationKey> ofJwk(JWK jwk, Collection<String> allowed) {
		if ((jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE))
				|| (jwk.getKeyOperations() != null && !jwk.getKeyOperations().contains(KeyOperation.VERIFY))) {
			return Optional.empty();
		}
		try {
			VerificationKey key = ofPublicKey(jwk.getKeyID(), PublicKeys.of(jwk));
			if (jwk.getAlgorithm() != null) {
				key = key.restrictedTo(Set.of(jwk.getAlgorithm().getName()));
			}
			if (!allowed.isEmpty()) {
				key = key.restrictedTo(allowed);
			}
			return key.algorithms().isEmpty() ? Optional.empty() : Optional.of(key);
		}
		catch (JOSEException | IllegalArgumentException e) {
			return Optional.empty();
		}
	}

	/** Whether a token with this header may have been signed with this key. */
	boolean fits(JWSHeader header) {
		return algorithms.contains(header.getAlgorithm()) && (id == null || header.getKeyID() == null || id.equals(header.getKeyID()));
	}

	/** The same key for fewer algorithms. */
	VerificationKey restrictedTo(Collection<String> names) {
		return new VerificationKey(id, algorithms.stream().filter(algorithm -> names.contains(algorithm.getName()))
				.collect(Collectors.toUnmodifiableSet()), verifier);
	}
}
