package dev.hawser.application.cli;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line, written as in the configuration. */
final class DurationText {
	private DurationText() {
	}

	/** @throws TypeConversionException when it is none, is negative, or has no unit */
	static Duration parse(String text) {
		try {
			if (!text.matches("[0-9]+")) {
				Duration parsed = DurationStyle.detectAndParse(text);
				if (!parsed.isNegative()) {
					return parsed;
				}
			}
		}
		catch (IllegalArgumentException | ArithmeticException e) {
			// said below
		}
		throw new TypeConversionException("'" + text + "' is no time with a unit, such as 500ms, 30s, 5m or 24h");
	}
}
