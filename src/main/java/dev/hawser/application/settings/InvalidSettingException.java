package dev.hawser.application.settings;

/** A property has a bad value or is unknown. The cause names the property without its prefix. */
final class InvalidSettingException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	private final String prefix;

	/**
	 * @param prefix the prefix of the property, such as {@code hawser.hubs.chat}
	 * @param cause  the exception of Spring Boot's binder
	 */
	InvalidSettingException(String prefix, RuntimeException cause) {
		super(prefix, cause);
		this.prefix = prefix;
	}

	/** The full name of a property that the cause names. */
	String real(String relative) {
		return prefix + '.' + relative;
	}

	/** Corrects a sentence of a settings record, which names every property below {@code hawser}, to the real prefix. */
	String moved(String sentence) {
		return prefix + sentence.substring(SettingsReader.ROOT.length());
	}
}
