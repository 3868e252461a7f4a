package dev.hawser.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that this server and a backend share. Signatures of Standard Webhooks use the bytes behind {@code whsec_} where the
 * secret has that form; all else uses the text itself.
 */
final class Secret {
	static final String PREFIX = "whsec_";
	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec ofText;
	private final SecretKeySpec ofBytes;

	/** @param text is {@link #isReadable readable} */
	Secret(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		this.ofText = new SecretKeySpec(utf8, ALGORITHM);
		this.ofBytes = text.startsWith(PREFIX)
				? new SecretKeySpec(Base64.getDecoder().decode(text.substring(PREFIX.length())), ALGORITHM) : ofText;
	}

	/** Whether what follows the prefix of Standard Webhooks is base64. */
	static boolean isReadable(String text) {
		try {
			return !text.startsWith(PREFIX) || Base64.getDecoder().decode(text.substring(PREFIX.length())).length > 0;
		}
		catch (IllegalArgumentException e) {
			return false;
		}
	}

	/** HMAC-SHA256 of a text with the secret's own text as the key, as in {@code ce-signature}. */
	byte[] signed(String text) {
		return mac(ofText).doFinal(text.getBytes(StandardCharsets.UTF_8));
	}

	/** HMAC-SHA256 of a text and the bytes after it, as in {@code webhook-signature}. */
	byte[] signed(String before, byte[] body) {
		Mac mac = mac(ofBytes);
		mac.update(before.getBytes(StandardCharsets.UTF_8));
		return mac.doFinal(body);
	}

	private static Mac mac(SecretKeySpec key) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(key);
			return mac;
		}
		catch (NoSuchAlgorithmException | InvalidKeyException e) {
			throw new IllegalStateException("Every JVM has HmacSHA256, which takes every key", e);
		}
	}
}
