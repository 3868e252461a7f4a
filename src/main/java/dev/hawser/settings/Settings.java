package dev.hawser.settings;

import java.util.Set;

/** The values of all sections, read and checked at one moment. The bean of this type has those of the start. */
public interface Settings {

	/**
	 * What stands below {@code hawser}.
	 *
	 * @throws IllegalArgumentException when the section is not declared, or stands below hubs only
	 */
	<T> T of(Section<T> section);

	/**
	 * What a hub has set, and for the rest what it inherits.
	 *
	 * @throws IllegalArgumentException when the section is not declared for hubs, or there is no such hub
	 */
	<T> T ofHub(String hub, Section<T> section);

	/** The names of all hubs. */
	Set<String> hubs();
}
