package dev.hawser.settings;

import java.util.Set;

/** The values of all sections, read and checked at one moment. The bean of this type has the values of the start. */
public interface Settings {

	/**
	 * The values below {@code hawser}.
	 *
	 * @throws IllegalArgumentException when the section is not declared, or is a section of hubs only
	 */
	<T> T of(Section<T> section);

	/**
	 * The values of a hub: its own, or the inherited ones where it sets none.
	 *
	 * @throws IllegalArgumentException when the section is not declared for hubs, or there is no such hub
	 */
	<T> T ofHub(String hub, Section<T> section);

	/** The names of all hubs. */
	Set<String> hubs();

	/** Refuses values that are valid alone but not together. Declared as a bean by a static method, like sections. */
	@FunctionalInterface
	interface Rule {

		/** @throws IllegalArgumentException with a sentence that begins with the name of a property */
		void check(Settings settings);
	}
}
