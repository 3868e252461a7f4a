package dev.hawser.push.rest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the path of a request, whose ids and names are percent-encoded: a slash in a name is {@code %2F}. */
final class ApiPath {
	/** What all routes but {@link #HEALTH} begin with. */
	static final String HUBS = "/api/hubs/";
	static final String HEALTH = "/api/health";
	/** The description of the API. */
	static final String DESCRIPTION = "/api/openapi.yaml";

	private static final Pattern ENCODED_DELIMITER = Pattern.compile("%(?:2f|5c|25|[01][0-9a-f]|7f)", Pattern.CASE_INSENSITIVE);

	private ApiPath() {
	}

	/** Whether a raw path belongs to the push API. */
	static boolean isOfApi(String path) {
		return path.startsWith(HUBS) || path.equals(HEALTH) || path.equals(DESCRIPTION);
	}

	/** Whether a percent-encoded slash, backslash, percent sign or control character is in the path. */
	static boolean hasEncodedDelimiter(String path) {
		return ENCODED_DELIMITER.matcher(path).find();
	}

	/**
	 * The segments of a raw path, decoded: {@code [api, hubs, chat, users, a/b, :send]}.
	 *
	 * @throws ApiException when the path can be read in several ways: with an empty segment, {@code .} or {@code ..} as a segment, a path
	 *     parameter ({@code ;}), or bytes that are no UTF-8; and for a control character, which no name can have
	 */
	static List<String> segments(String path) {
		List<String> segments = new ArrayList<>();
		for (String encoded : path.substring(1).split("/", -1)) {
			segments.add(segment(encoded));
		}
		return List.copyOf(segments);
	}

	private static String segment(String encoded) {
		if (encoded.isEmpty()) {
			throw ambiguous("The path has '//', or a '/' at its end: a name is missing, or the slash is too much.");
		}
		if (encoded.indexOf(';') >= 0) {
			throw ambiguous("The path has a ';': where it is part of a name, write it as %3B.");
		}
		String segment = decoded(encoded);
		if (segment == null) {
			throw ambiguous(
					"The path has a percent sign that begins no byte of UTF-8: encode each name as one segment, and a percent sign as %25.");
		}
		if (segment.equals(".") || segment.equals("..")) {
			throw ambiguous("The path has '.' or '..' as a segment, which is the name of no connection, user or group.");
		}
		if (segment.chars().anyMatch(Character::isISOControl)) {
			throw ambiguous("The path has a control character, which no name can have.");
		}
		return segment;
	}

	private static ApiException ambiguous(String sentence) {
		return new ApiException(400, "BadRequest", sentence, "path");
	}

	/** A part of a path or query, decoded; null for bad percent-encoding, and for bytes that are no UTF-8. */
	static @Nullable String decoded(String encoded) {
		if (encoded.indexOf('%') < 0) {
			return encoded;
		}
		ByteBuffer bytes = ByteBuffer.allocate(3 * encoded.length());
		int i = 0;
		while (i < encoded.length()) {
			int end = encoded.indexOf('%', i);
			if (end != i) {
				end = end < 0 ? encoded.length() : end;
				bytes.put(StandardCharsets.UTF_8.encode(CharBuffer.wrap(encoded, i, end)));
				i = end;
				continue;
			}
			int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
			int low = high < 0 ? -1 : Character.digit(encoded.charAt(i + 2), 16);
			if (low < 0) {
				return null;
			}
			bytes.put((byte) (high << 4 | low));
			i += 3;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
		}
		catch (CharacterCodingException e) {
			return null;
		}
	}
}
