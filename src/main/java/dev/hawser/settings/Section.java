package dev.hawser.settings;

/**
 * A part of the configuration. A room declares each section that it reads as a bean of this type, made by a static method since all
 * settings are read before the first other bean is made.
 *
 * @param name  what the section is called, such as {@code drain}; empty for properties that have no common name above them
 * @param type  the record that its properties are bound to; every one of its components has a default or may be null
 * @param reach where the section may stand
 */
public record Section<T>(String name, Class<T> type, Reach reach) {

	/** Where a section may stand. */
	public enum Reach {
		/** Below {@code hawser}. */
		SERVER,
		/** Below {@code hawser} and below each hub, which has from {@code hawser} what it does not set itself. */
		SERVER_AND_HUBS,
		/** Below each hub. */
		HUBS
	}

	/** A section of the whole server. */
	public static <T> Section<T> ofServer(String name, Class<T> type) {
		return new Section<>(name, type, Reach.SERVER);
	}

	/** A section of the whole server whose properties each hub may set for itself. */
	public static <T> Section<T> ofServerAndHubs(String name, Class<T> type) {
		return new Section<>(name, type, Reach.SERVER_AND_HUBS);
	}

	/** A section that stands below hubs only. */
	public static <T> Section<T> ofHubs(String name, Class<T> type) {
		return new Section<>(name, type, Reach.HUBS);
	}
}
