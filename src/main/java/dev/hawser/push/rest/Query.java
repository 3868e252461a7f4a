package dev.hawser.push.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The query of a request, decoded. The case of letters in names makes no difference; an empty value counts as none. */
final class Query {
	private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");
	private static final Query EMPTY = new Query(Map.of());

	private final Map<String, List<String>> values;

	private Query(Map<String, List<String>> values) {
		this.values = values;
	}

	/** @throws ApiException for bad percent-encoding */
	static Query of(@Nullable String raw) {
		if (raw == null || raw.isEmpty()) {
			return EMPTY;
		}
		Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String parameter : raw.split("&", -1)) {
			int equals = parameter.indexOf('=');
			String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
			String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
			if (!value.isEmpty()) {
				values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
			}
		}
		return new Query(values);
	}

	private static String decoded(String encoded) {
		String decoded = ApiPath.decoded(encoded.indexOf('+') < 0 ? encoded : encoded.replace('+', ' '));
		if (decoded == null) {
			throw new ApiException(400, "BadRequest", "The query has bad percent-encoding: encode each value as UTF-8.", "query");
		}
		return decoded;
	}

	/** All values of a parameter, in their order. */
	List<String> all(String name) {
		return values.getOrDefault(name, List.of());
	}

	/**
	 * The value of a parameter; null without one.
	 *
	 * @throws ApiException when there are several
	 */
	@Nullable
	String one(String name) {
		List<String> given = all(name);
		if (given.size() > 1) {
			throw ApiException.invalid(name, "'" + name + "' must be given once, not " + given.size() + " times.");
		}
		return given.isEmpty() ? null : given.getFirst();
	}

	/**
	 * The integer value of a parameter.
	 *
	 * @param otherwise the value when there is none
	 */
	int integer(String name, int otherwise, int least, int most) {
		String given = one(name);
		if (given == null) {
			return otherwise;
		}
		if (WHOLE.matcher(given).matches()) { // Integer.parseInt alone takes a plus sign, and the digits of every script
			long value = Long.parseLong(given);
			if (value >= least && value <= most) {
				return (int) value;
			}
		}
		throw ApiException.invalid(name,
				"'" + name + "' must be an integer from " + least + (most == Integer.MAX_VALUE ? " upwards." : " to " + most + "."));
	}
}
