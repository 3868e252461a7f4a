package dev.hawser.handshake;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;

/**
 * The parameters of a request's query. Read from the query itself and not from the servlet request, which would also read the body
 * of a form, and wait for it.
 *
 * @param values     the decoded parameters, in order
 * @param wellFormed whether every percent sign begins an encoded byte
 */
record QueryParameters(MultiValueMap<String, String> values, boolean wellFormed) {

	static QueryParameters of(@Nullable String query) {
		MultiValueMap<String, String> values = new LinkedMultiValueMap<>();
		try {
			for (String pair : StringUtils.tokenizeToStringArray(query, "&")) {
				int equals = pair.indexOf('=');
				values.add(decode(equals < 0 ? pair : pair.substring(0, equals)), equals < 0 ? "" : decode(pair.substring(equals + 1)));
			}
			return new QueryParameters(values, true);
		}
		catch (IllegalArgumentException e) {
			return new QueryParameters(new LinkedMultiValueMap<>(), false);
		}
	}

	private static String decode(String encoded) {
		return encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0 ? encoded : URLDecoder.decode(encoded, StandardCharsets.UTF_8);
	}
}
