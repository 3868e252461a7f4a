package dev.hawser.token;

import dev.hawser.settings.Settings;

/**
 * Tells whether other settings than those of tokens name keys of clients. A start with such keys is no development start. Declared as a
 * bean by a static method.
 */
@FunctionalInterface
public interface KeysElsewhere {

	/** Whether these settings name a key. */
	boolean areIn(Settings settings);
}
