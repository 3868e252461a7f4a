package dev.hawser.token;

import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one of the three parts of a signed token: the base64url form (RFC 7515 section 2) of bytes, or of a JSON object. */
final class TokenPart {
	private static final int BYTES_OF_A_GROUP = 3;

	private TokenPart() {
	}

	/**
	 * Decodes strictly: no other character, no padding, no unused bit that is set (RFC 4648 section 3.5). Two different texts thus
	 * never decode to the same bytes.
	 *
	 * @throws ParseException when the part is anything else
	 */
	static byte[] bytes(String part) throws ParseException {
		try {
			byte[] bytes = Base64.getUrlDecoder().decode(part);
			byte[] lastGroup = Arrays.copyOfRange(bytes, bytes.length - bytes.length % BYTES_OF_A_GROUP, bytes.length);
			String last = Base64.getUrlEncoder().withoutPadding().encodeToString(lastGroup);
			if (part.length() == bytes.length / BYTES_OF_A_GROUP * (BYTES_OF_A_GROUP + 1) + last.length() && part.endsWith(last)) {
				return bytes;
			}
		}
		catch (IllegalArgumentException e) {
			// the cause is dropped: its message may quote the part
		}
		throw new ParseException("No base64url", 0);
	}

	/** @throws ParseException when the part is not the base64url form of a JSON object */
	static Map<String, @Nullable Object> object(String part) throws ParseException {
		return JsonObject.parse(bytes(part));
	}
}
