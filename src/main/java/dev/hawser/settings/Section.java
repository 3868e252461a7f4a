package dev.hawser.settings;

/**
 * A part of the configuration. A room declares each of its sections as a bean of this type. The bean method is static, since all
 * settings are read before any other bean is made.
 *
 * @param name  name of the section, such as {@code drain}; empty for properties without a common prefix
 * @param type  the record that the properties are bound to; each of its components has a default or may be null
 * @param reach where the section may be set
 */
public record Section<T>(String name, Class<T> type, Reach reach) {

	/** Where a section may be set. */
	public enum Reach {
		/** Below {@code hawser}. */
		SERVER,
		/** Below {@code hawser} and below each hub, where values that the hub does not set are taken from {@code hawser}. */
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

	/** A section of hubs only. */
	public static <T> Section<T> ofHubs(String name, Class<T> type) {
		return new Section<>(name, type, Reach.HUBS);
	}
}
