package dev.hawser.settings;

/** Refuses values that are valid alone but not together. Declared as a bean by a static method, like sections. */
@FunctionalInterface
public interface SettingsRule {

	/** @throws IllegalArgumentException with a sentence that begins with the name of a property */
	void check(Settings settings);
}
