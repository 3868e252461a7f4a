package dev.hawser.application.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/**
 * A time on the command line, written as in the configuration. Read without Spring Boot's {@code DurationStyle}: {@code token} would open two
 * more jars for that alone.
 */
final class DurationText {
	private static final Map<String, ChronoUnit> UNITS = Map.of("ns", ChronoUnit.NANOS, "us", ChronoUnit.MICROS, "ms", ChronoUnit.MILLIS,
			"s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);

	private DurationText() {
	}

	/** @throws TypeConversionException when it is none, is negative, or has no unit */
	static Duration parse(String text) {
		int digits = digits(text);
		ChronoUnit unit = UNITS.get(text.substring(digits).toLowerCase(Locale.ROOT));
		try {
			Duration parsed = digits > 0 && unit != null ? Duration.of(Long.parseLong(text.substring(0, digits)), unit)
					: Duration.parse(text);
			if (!parsed.isNegative()) {
				return parsed;
			}
		}
		catch (DateTimeException | ArithmeticException | NumberFormatException e) {
			// said below
		}
		throw new TypeConversionException("'" + text + "' is no time with a unit, such as 500ms, 30s, 5m or 24h");
	}

	/** How many digits it begins with. */
	private static int digits(String text) {
		int digits = 0;
		while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
			digits++;
		}
		return digits;
	}
}
