package dev.hawser.token;

import java.math.BigInteger;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token (RFC 7519 section 4). A claim that this server understands must have the type that the standard gives it;
 * every other claim is passed on unchanged. A claim that is {@code null} counts as missing.
 *
 * @param all all claims of the token; times are {@link Date}s, and {@code aud} is a list
 */
record Claims(@Nullable String issuer, @Nullable String subject, List<String> audience, @Nullable Instant expiresAt,
		@Nullable Instant notBefore, @Nullable String id, Map<String, @Nullable Object> all) {
	/** From the year 1 to the year 9999: a time outside that range is moved to its nearest end. */
	private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
	/** Stands for every time that never comes. */
	static final Instant LAST_OF_ALL = Instant.parse("9999-12-31T23:59:59Z");
	private static final long LAST_SECOND = LAST_OF_ALL.getEpochSecond();

	/** @throws ParseException when a claim has a wrong type; the message does not contain the claim's value */
	static Claims of(Map<String, ? extends @Nullable Object> json) throws ParseException {
		Map<String, @Nullable Object> all = new LinkedHashMap<>(json);
		Instant expiresAt = time(all, "exp");
		Instant notBefore = time(all, "nbf");
		time(all, "iat");
		return new Claims(string(all, "iss"), string(all, "sub"), audience(all), expiresAt, notBefore, string(all, "jti"),
				Collections.unmodifiableMap(all));
	}

	private static @Nullable String string(Map<String, @Nullable Object> claims, String name) throws ParseException {
		return switch (claims.get(name)) {
			case null -> null;
			case String text -> text;
			default -> throw wrongType(name);
		};
	}

	/** RFC 7519 section 4.1.3: a list, or a single name. */
	private static List<String> audience(Map<String, @Nullable Object> claims) throws ParseException {
		List<String> names = switch (claims.get("aud")) {
			case null -> List.of();
			case String name -> List.of(name);
			case List<?> list -> strings(list);
			default -> throw wrongType("aud");
		};
		claims.computeIfPresent("aud", (_, _) -> names);
		return names;
	}

	private static List<String> strings(List<?> list) throws ParseException {
		List<String> strings = new ArrayList<>();
		for (Object element : list) {
			if (!(element instanceof String text)) {
				throw wrongType("aud");
			}
			strings.add(text);
		}
		return Collections.unmodifiableList(strings);
	}

	/** Reads a NumericDate (RFC 7519 section 2) and drops fractions of a second. */
	private static @Nullable Instant time(Map<String, @Nullable Object> claims, String name) throws ParseException {
		Object value = claims.get(name);
		if (value == null) {
			return null;
		}
		if (!(value instanceof Number number)) {
			throw wrongType(name);
		}
		Instant time = Instant.ofEpochSecond(Math.clamp(seconds(number), FIRST_SECOND, LAST_SECOND));
		claims.put(name, Date.from(time));
		return time;
	}

	/** The number as a {@code long}; a number that does not fit becomes the nearest one that does. */
	private static long seconds(Number number) {
		return switch (number) {
			case BigInteger big when big.bitLength() >= Long.SIZE -> big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
			default -> number.longValue();
		};
	}

	private static ParseException wrongType(String name) {
		return new ParseException("A claim of the wrong type: " + name, 0);
	}
}
