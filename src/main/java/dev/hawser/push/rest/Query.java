package dev.hawser.push.rest;

import dev.hawser.api.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The query of a request, decoded. The case of letters in names makes no difference; an empty value counts as none. */
final class Query {
	private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");
	/** Longest name that an error repeats. */
	private static final int LONGEST_NAME = 64;
	private static final Query EMPTY = new Query(Map.of(), List.of());

	private final Map<String, List<String>> values;
	/** All names, also those of parameters without a value. */
	private final List<String> names;

	private Query(Map<String, List<String>> values, List<String> names) {
		this.values = values;
		this.names = names;
	}

	/** @throws ApiException for bad percent-encoding */
	static Query of(@Nullable String raw) {
		if (raw == null || raw.isEmpty()) {
			return EMPTY;
		}
		Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		List<String> names = new ArrayList<>();
		for (String parameter : raw.split("&", -1)) {
			int equals = parameter.indexOf('=');
			String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
			String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
			if (!parameter.isEmpty()) {
				names.add(name);
			}
			if (!value.isEmpty()) {
				values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
			}
		}
		return new Query(values, names);
	}

	private static String decoded(String encoded) {
		String decoded = ApiPath.decoded(encoded.indexOf('+') < 0 ? encoded : encoded.replace('+', ' '));
		if (decoded == null) {
			throw new ApiException(400, "BadRequest", "The query has bad percent-encoding: encode each value as UTF-8.", "query");
		}
		return decoded;
	}

	/**
	 * Checks that all parameters are among these: one with a wrong name would be ignored, and more be done than was meant.
	 *
	 * @throws ApiException for another one
	 */
	void requireOnly(List<String> known) {
		for (String name : names) {
			if (known.stream().noneMatch(name::equalsIgnoreCase)) {
				throw ApiException.invalid(name.isEmpty() || name.length() > LONGEST_NAME || !Names.isPlain(name) ? "query" : name,
						"This operation has no such parameter. It takes " + String.join(", ", known) + '.');
			}
		}
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
