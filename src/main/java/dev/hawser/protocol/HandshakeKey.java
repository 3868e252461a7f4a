package dev.hawser.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** {@code Sec-WebSocket-Key} and its answer {@code Sec-WebSocket-Accept} (RFC 6455 sections 4.2.1 and 4.2.2). */
public final class HandshakeKey {
	/** Cloned for each use, which is cheaper than looking up the algorithm each time. */
	private static final MessageDigest SHA_1 = sha1();
	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private HandshakeKey() {
	}

	private static MessageDigest sha1() {
		try {
			return MessageDigest.getInstance("SHA-1");
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every Java runtime has SHA-1", e);
		}
	}

	/**
	 * Whether the value is the base64 form of exactly 16 bytes: 21 characters of any value, one character that carries two bits,
	 * and padding. False for null.
	 */
	public static boolean isValid(@Nullable String key) {
		if (key == null || key.length() != 24 || !key.endsWith("==") || "AQgw".indexOf(key.charAt(21)) < 0) {
			return false;
		}
		for (int i = 0; i < 21; i++) {
			if (!isBase64(key.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isBase64(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
	}

	/** The value of {@code Sec-WebSocket-Accept}: base64 of the SHA-1 of the key and the protocol's GUID. */
	public static String accept(String key) {
		try {
			MessageDigest digest = (MessageDigest) SHA_1.clone();
			return Base64.getEncoder().encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
		}
		catch (CloneNotSupportedException e) {
			throw new IllegalStateException("The JDK's SHA-1 can be copied", e);
		}
	}
}
