package dev.hawser.settings;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * Checks the values of a settings record. The exception's message is a sentence that begins with the property and says what to do;
 * it never contains a value that can be a secret.
 *
 * @param prefix prefix of the properties, such as {@code hawser.drain}
 */
public record SettingCheck(String prefix) {

	/** @param sentence what is wrong and what to do; the name of the property comes first */
	public void require(boolean fine, String sentence) {
		if (!fine) {
			throw new IllegalArgumentException(prefix + "." + sentence);
		}
	}

	/** @param advice what to do, such as {@code 0 turns it off} */
	public void notNegative(String name, Duration value, String advice) {
		require(!value.isNegative(), name + " must not be negative, but is " + value.toMillis() + "ms; " + advice + ".");
	}

	/** As above. */
	public void notNegative(String name, DataSize value, String advice) {
		require(!value.isNegative(), name + " must not be negative, but is " + value + "; " + advice + ".");
	}

	/** As above. */
	public void notNegative(String name, long value, String advice) {
		require(value >= 0, name + " must not be negative, but is " + value + "; " + advice + ".");
	}

	/** At least a millisecond. */
	public void positive(String name, Duration value, String advice) {
		require(value.toMillis() >= 1, name + " must be at least 1ms, but is " + value.toMillis() + "ms; " + advice + ".");
	}

	/** At least one. */
	public void positive(String name, int value, String advice) {
		require(value >= 1, name + " must be at least 1, but is " + value + "; " + advice + ".");
	}

	/** @param range names both bounds */
	public void between(String name, DataSize value, DataSize least, DataSize most, String range, String advice) {
		require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
				name + " must be between " + range + ", but is " + value + "; " + advice + ".");
	}
}
