package dev.hawser.push.rest;

import dev.hawser.api.Names;
import dev.hawser.protocol.Utf8Validator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The fields of a JSON object in a request, each checked for its type. A field that is null counts as absent. */
final class JsonFields {
	/** Numbers keep their digits, since they may be part of a message. */
	private static final JsonMapper JSON = JsonMapper.builder()
			.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
					DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
			.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

	private static final String UNREADABLE = "The body is no JSON (RFC 8259), has a name twice in an object, or is nested too deep";

	/** Longest name that an error repeats. */
	private static final int LONGEST_NAME = 64;

	private final JsonNode object;
	private final String at;

	private JsonFields(JsonNode object, String at) {
		this.object = object;
		this.at = at;
	}

	/** @throws ApiException for bytes that are no JSON object in UTF-8 */
	static JsonFields of(byte[] body) {
		if (!Utf8Validator.isUtf8(body)) {
			throw new ApiException(400, "InvalidBody", "The body is not UTF-8.", "body");
		}
		try {
			// as text: from bytes, Jackson would guess UTF-16 and UTF-32, too
			JsonNode read = JSON.readTree(new String(body, StandardCharsets.UTF_8));
			if (!isWhole(read)) {
				throw new ApiException(400, "InvalidBody", "The body has half of a surrogate pair, which no text in UTF-8 can have.",
						"body");
			}
			return of(read, "");
		}
		catch (ArithmeticException | NumberFormatException e) {
			throw new ApiException(400, "InvalidBody", "The body has a number whose exponent is too large.", "body");
		}
		catch (JacksonException e) { // its message may quote the body
			throw new ApiException(400, "InvalidBody", e.getLocation() == null ? UNREADABLE + "."
					: UNREADABLE + " at character " + (e.getLocation().getCharOffset() + 1) + ".", "body");
		}
	}

	private static boolean isWhole(JsonNode node) {
		if (node.isString()) {
			return Names.isWhole(node.asString());
		}
		for (Map.Entry<String, JsonNode> property : node.properties()) {
			if (!Names.isWhole(property.getKey()) || !isWhole(property.getValue())) {
				return false;
			}
		}
		if (node.isArray()) {
			for (JsonNode element : node) {
				if (!isWhole(element)) {
					return false;
				}
			}
		}
		return true;
	}

	/** @param at what stands before the names of its fields in errors; empty for nothing */
	static JsonFields of(JsonNode object, String at) {
		if (!object.isObject()) {
			throw invalid(at.isEmpty() ? "body" : at, "must be a JSON object.");
		}
		return new JsonFields(object, at);
	}

	private static ApiException invalid(String field, String rule) {
		return new ApiException(400, "InvalidBody", "'" + field + "' " + rule, field);
	}

	/**
	 * Checks that all fields are among these: one with a wrong name would be ignored, and something else be done than was meant.
	 *
	 * @throws ApiException for another one
	 */
	JsonFields only(List<String> known) {
		for (String name : object.propertyNames()) {
			if (!known.contains(name)) {
				String field = name.length() > LONGEST_NAME || !Names.isPlain(name) ? at.isEmpty() ? "body" : at : path(name);
				throw new ApiException(400, "InvalidBody", "There is no such field here. The fields are " + String.join(", ", known) + '.',
						field);
			}
		}
		return this;
	}

	/** Whether the field is there, be it null. */
	boolean has(String name) {
		return object.has(name);
	}

	/** The name of a field in errors. */
	String path(String name) {
		return at.isEmpty() ? name : at + '.' + name;
	}

	/** The value of a field; null for none. */
	@Nullable
	JsonNode value(String name) {
		JsonNode value = object.get(name);
		return value == null || value.isNull() ? null : value;
	}

	/** The text of a field; null for none. */
	@Nullable
	String text(String name) {
		JsonNode value = value(name);
		return value == null ? null : text(value, path(name));
	}

	static String text(JsonNode value, String field) {
		if (!value.isString()) {
			throw invalid(field, "must be text.");
		}
		return value.asString();
	}

	/** The values of a field that is a list; empty for none where none is enough. */
	List<JsonNode> list(String name, int fewest, int most) {
		JsonNode value = value(name);
		List<JsonNode> list = new ArrayList<>();
		if (value != null && value.isArray()) {
			value.forEach(list::add);
		}
		if ((value != null && !value.isArray()) || list.size() < fewest || list.size() > most) {
			throw invalid(path(name),
					most == Integer.MAX_VALUE ? "must be a list." : "must be a list of " + fewest + " to " + most + " entries.");
		}
		return list;
	}

	/** The texts of a field that is a list of any length; empty for none. */
	List<String> texts(String name) {
		return list(name, 0, Integer.MAX_VALUE).stream().map(each -> text(each, path(name))).toList();
	}

	/** The integer of a field; the other value for none. */
	int integer(String name, int otherwise, int least, int most) {
		JsonNode value = value(name);
		if (value == null) {
			return otherwise;
		}
		if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
			throw invalid(path(name), "must be an integer from " + least + " to " + most + ".");
		}
		return value.intValue();
	}
}
