package dev.hawser.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.ByteUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads public keys as {@code openssl pkey -pubout} writes them, a SubjectPublicKeyInfo (RFC 5280) in PEM (RFC 7468), and as
 * issuers publish them, a JWK (RFC 7517, RFC 8037).
 */
final class PublicKeys {
	private static final Pattern PEM = Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
	private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
	private static final String FILE = "file:";
	/** Largest key file in bytes; the largest key has about 2 KB. */
	private static final int LARGEST_FILE = 64 * 1024;

	private PublicKeys() {
	}

	/**
	 * @param pemOrFile the PEM text itself, or the path of a file that contains it
	 * @throws IllegalArgumentException when there is no such file, or it contains no public key of a known kind; the message
	 *     completes a sentence that begins with the property
	 */
	static PublicKey read(String pemOrFile) {
		Matcher pem = PEM.matcher(pemOrFile.contains("-----BEGIN") ? pemOrFile : contentOf(pemOrFile));
		if (!pem.find()) {
			throw new IllegalArgumentException("must be a public key in PEM ('-----BEGIN PUBLIC KEY-----'), or the path of a file with"
					+ " one: 'openssl pkey -in private.pem -pubout' makes it");
		}
		X509EncodedKeySpec encoded = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
		for (String kind : List.of("RSA", "EC", "Ed25519")) {
			try {
				return KeyFactory.getInstance(kind).generatePublic(encoded);
			}
			catch (GeneralSecurityException e) {
				// try the next kind: the encoding of the key says that it is not this one
			}
		}
		throw new IllegalArgumentException("must be a key for RSA, EC (P-256, P-384, P-521) or Ed25519");
	}

	/** @throws IllegalArgumentException when this is not a public key of a known kind */
	static PublicKey of(JWK jwk) throws JOSEException {
		return switch (jwk) {
			case RSAKey rsa -> rsa.toPublicKey();
			case ECKey ec -> ec.toPublicKey();
			case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> ed25519(pair.getDecodedX());
			default -> throw new IllegalArgumentException("No key for RSA, EC or Ed25519");
		};
	}

	/** RFC 8410 section 4: every key of this kind has the same prefix of a few bytes. */
	private static PublicKey ed25519(byte[] x) throws JOSEException {
		try {
			return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(ByteUtils.concat(ED25519_PREFIX, x)));
		}
		catch (GeneralSecurityException e) {
			throw new JOSEException("No Ed25519 key", e);
		}
	}

	private static String contentOf(String path) {
		try {
			Path file = Path.of(path.startsWith(FILE) ? path.substring(FILE.length()) : path);
			try (InputStream in = Files.newInputStream(file)) {
				return new String(in.readNBytes(LARGEST_FILE), StandardCharsets.ISO_8859_1);
			}
		}
		catch (IOException | IllegalArgumentException e) {
			throw new IllegalArgumentException("names a file that cannot be read", e);
		}
	}
}
