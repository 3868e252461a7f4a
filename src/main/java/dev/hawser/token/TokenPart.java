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
	 * Takes only what an encoder writes: no other character, no padding, and no bit that is lost (RFC 4648 section 3.5), so that
	 * no two texts are the same bytes.
	 *
	 * @throws ParseException when it is anything else
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
			// it may quote the part
		}
		throw new ParseException("No base64url", 0);
	}

	/** @throws ParseException when it is not the base64url form of a JSON object */
	static Map<String, @Nullable Object> object(String part) throws ParseException {
		return JsonObject.parse(bytes(part));
	}
}
