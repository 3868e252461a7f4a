package dev.hawser.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code Sec-WebSocket-Key} and what answers it (RFC 6455 sections 4.2.1 and 4.2.2). */
public final class HandshakeKey {
	/** 16 bytes in base64: 21 characters that are free, one that carries two bits, padding. */
	private static final Pattern FORMAT = Pattern.compile("^[+/0-9A-Za-z]{21}[AQgw]==$");
	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private HandshakeKey() {
	}

	/** Whether the value is the base64 form of exactly 16 bytes; false for null. */
	public static boolean isValid(@Nullable String key) {
		return key != null && FORMAT.matcher(key).matches() && Base64.getDecoder().decode(key).length == 16;
	}

	/** The value of {@code Sec-WebSocket-Accept}: base64 of the SHA-1 of the key and the protocol's GUID. */
	public static String accept(String key) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
			return Base64.getEncoder().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every Java runtime has SHA-1", e);
		}
	}
}
