package dev.hawser.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON object (RFC 8259) as tokens and issuers send it. It must be UTF-8, have no member twice, and have nothing before or
 * after it. An integer is a {@link Long}, or a {@link java.math.BigInteger} where 64 bits are not enough; any other number is a
 * {@link Double}.
 */
final class JsonObject {
	/** Most digits of a number; a token is never longer than this. */
	private static final int LONGEST_NUMBER = TokenSettings.LONGEST_TOKEN;
	private static final int DEEPEST_NESTING = 100;
	private static final char REPLACEMENT = '\uFFFD';

	private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(LONGEST_NUMBER).maxNestingDepth(DEEPEST_NESTING).build())
			.build();

	private JsonObject() {
	}

	/** @throws ParseException when the bytes are anything else; the message does not contain any of the text */
	static Map<String, @Nullable Object> parse(byte[] utf8) throws ParseException {
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text(utf8))) {
			if (parser.nextToken() == JsonToken.START_OBJECT) {
				Map<String, @Nullable Object> object = object(parser);
				if (parser.nextToken() == null) {
					return object;
				}
			}
		}
		catch (JacksonException e) {
			// the cause is dropped: its message may quote the text
		}
		throw new ParseException("No JSON object", 0);
	}

	private static String text(byte[] utf8) throws ParseException {
		String text = new String(utf8, StandardCharsets.UTF_8);
		if (text.indexOf(REPLACEMENT) >= 0) {
			checkEncoding(utf8);
		}
		return text;
	}

	/** Refuses bytes that are not UTF-8. The decoder turns them into U+FFFD, which may also be there as a valid character. */
	private static void checkEncoding(byte[] utf8) throws ParseException {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
		}
		catch (CharacterCodingException e) {
			throw new ParseException("No UTF-8", 0);
		}
	}

	/** Half of a surrogate pair has no bytes in UTF-8 (RFC 7493 section 2.1): it could not be passed on as it is. */
	private static String whole(String text) throws ParseException {
		if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
			throw new ParseException("Half of a surrogate pair", 0);
		}
		return text;
	}

	private static Map<String, @Nullable Object> object(JsonParser parser) throws ParseException {
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = whole(parser.currentName());
			parser.nextToken();
			members.put(name, value(parser));
		}
		return members;
	}

	private static List<@Nullable Object> array(JsonParser parser) throws ParseException {
		List<@Nullable Object> elements = new ArrayList<>();
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			elements.add(value(parser));
		}
		return elements;
	}

	private static @Nullable Object value(JsonParser parser) throws ParseException {
		return switch (parser.currentToken()) {
			case START_OBJECT -> object(parser);
			case START_ARRAY -> array(parser);
			case VALUE_STRING -> whole(parser.getString());
			case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? parser.getBigIntegerValue()
					: (Object) parser.getLongValue();
			case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			case VALUE_NULL -> null;
			case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
				throw new IllegalStateException("A value begins with none of these");
		};
	}
}
