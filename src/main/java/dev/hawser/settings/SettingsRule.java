package dev.hawser.settings;

/** Objects to values that are good each by itself, but not together. Declared as a bean, by a static method as sections are. */
@FunctionalInterface
public interface SettingsRule {

	/** @throws IllegalArgumentException with a sentence that begins with the name of a property */
	void check(Settings settings);
}
