package dev.hawser.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.text.ParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the header of a signed token (RFC 7515 section 4). Only the members that are needed are looked at. */
final class TokenHeader {
	/** RFC 8725 section 3.11: a JWT of another type, a logout token for instance, does not let a client in. */
	private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

	private TokenHeader() {
	}

	/**
	 * The algorithm and the name of the key.
	 *
	 * @throws ParseException when this is not a header, or the header of another kind of token
	 */
	static JWSHeader parse(String part) throws ParseException {
		Map<String, @Nullable Object> header = TokenPart.object(part);
		String type = string(header, "typ");
		String algorithm = string(header, "alg");
		// no extension is supported, so none may be critical (RFC 7515 section 4.1.11; RFC 7797 section 7 for b64)
		if (header.containsKey("crit") || !Boolean.TRUE.equals(header.getOrDefault("b64", true))
				|| (type != null && !TYPES.contains(type.toLowerCase(Locale.ROOT)))
				|| algorithm == null || !VerificationKey.ALGORITHM_NAMES.contains(algorithm)) {
			throw new ParseException("No header of a ticket", 0);
		}
		return new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(string(header, "kid")).build();
	}

	private static @Nullable String string(Map<String, @Nullable Object> header, String name) throws ParseException {
		return switch (header.get(name)) {
			case null -> null;
			case String text -> text;
			default -> throw new ParseException("No string: " + name, 0);
		};
	}
}
