package dev.hawser.testing;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens with a new key for one algorithm. It signs with the JDK alone, whatever the header says, so that it is right or
 * wrong independently of the library that verifies.
 *
 * @param algorithm the name of the algorithm, as {@code alg} has it
 * @param secret    for HMAC
 * @param pair      for all else
 */
public record SigningKey(String algorithm, @Nullable String secret, @Nullable KeyPair pair) {

	public static SigningKey of(String algorithm) {
		String bits = algorithm.substring(Math.max(0, algorithm.length() - 3));
		return switch (algorithm.substring(0, 2)) {
			case "HS" -> new SigningKey(algorithm, (UUID.randomUUID() + "" + UUID.randomUUID()).substring(0, 64), null);
			case "ES" -> new SigningKey(algorithm, null, ec("secp" + (bits.equals("512") ? "521" : bits) + "r1"));
			case "Ed" -> new SigningKey(algorithm, null, pair("Ed25519", 0));
			default -> new SigningKey(algorithm, null, pair("RSA", 2048));
		};
	}

	/** The same key, for another algorithm of its family. */
	public SigningKey as(String other) {
		return new SigningKey(other, secret, pair);
	}

	/** A token with claims, and a header that names nothing but the algorithm. */
	public String sign(String claims) {
		return sign("{\"alg\":\"" + algorithm + "\"}", claims);
	}

	/** As {@link #sign(String)}, with a {@code kid}. */
	public String signAs(String kid, String claims) {
		return sign("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}", claims);
	}

	/** Signs any header and any claims by this key's algorithm. */
	public String sign(String header, String claims) {
		return sign(header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8));
	}

	/** As {@link #sign(String, String)}, for bytes that are not a text. */
	public String sign(byte[] header, byte[] claims) {
		return signEncoded(base64(header) + '.' + base64(claims));
	}

	/** Signs the two parts as they are, well encoded or not. */
	public String signEncoded(String input) {
		try {
			return input + '.' + base64(signature(input.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException e) {
			throw new IllegalStateException(e);
		}
	}

	private byte[] signature(byte[] input) throws GeneralSecurityException {
		String bits = algorithm.substring(algorithm.length() - 3);
		if (secret != null) {
			Mac mac = Mac.getInstance("HmacSHA" + bits);
			mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HMAC"));
			return mac.doFinal(input);
		}
		Signature signature = Signature.getInstance(switch (algorithm.substring(0, 2)) {
			case "RS" -> "SHA" + bits + "withRSA";
			case "PS" -> "RSASSA-PSS";
			case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
			default -> "Ed25519";
		});
		if (algorithm.startsWith("PS")) {
			signature.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits),
					Integer.parseInt(bits) / 8, 1));
		}
		signature.initSign(keys().getPrivate());
		signature.update(input);
		return signature.sign();
	}

	/** The pair of keys; only for a key that is not a secret. */
	public KeyPair keys() {
		return Objects.requireNonNull(pair, "A secret is no pair of keys");
	}

	/** The public key as {@code openssl pkey -pubout} prints it. */
	public String pem() {
		return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(keys().getPublic().getEncoded())
				+ "\n-----END PUBLIC KEY-----\n";
	}

	/** The public key as an entry of a JWK set (RFC 7517), without {@code alg}. */
	public String jwk(String kid) {
		return JSONObjectUtils.toJSONString(switch (keys().getPublic()) {
			case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(kid).build().toJSONObject();
			case ECPublicKey ec -> new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).keyID(kid).build().toJSONObject();
			case PublicKey ed -> {
				byte[] encoded = ed.getEncoded();
				yield new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32,
						encoded.length))).keyID(kid).build().toJSONObject();
			}
		});
	}

	/** The setting of this key at an index of {@code hawser.handshake.token.keys}. */
	public String[] setting(int index, String id) {
		String name = "keys[" + index + "].";
		return new String[] { name + "id=" + id, name + (secret != null ? "secret=" + secret : "public-key=" + pem()) };
	}

	public static String base64(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private static KeyPair pair(String kind, int bits) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
			if (bits > 0) {
				generator.initialize(bits);
			}
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException e) {
			throw new IllegalStateException(e);
		}
	}

	private static KeyPair ec(String curve) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec(curve));
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException e) {
			throw new IllegalStateException(e);
		}
	}
}
