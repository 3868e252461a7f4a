package dev.hawser.application.settings;

/** A property has a bad value, or is unknown. The cause names it as if it stood at the top. */
final class InvalidSettingException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	private final String prefix;

	/**
	 * @param prefix what the property really stands below, such as {@code hawser.hubs.chat}
	 * @param cause  what Spring Boot's binder says
	 */
	InvalidSettingException(String prefix, RuntimeException cause) {
		super(prefix, cause);
		this.prefix = prefix;
	}

	/** The real name of a property of the cause. */
	String real(String relative) {
		return prefix + '.' + relative;
	}

	/** The sentence of a settings record, which names a property as it is called below {@code hawser}. */
	String moved(String sentence) {
		return prefix + sentence.substring(SettingsReader.ROOT.length());
	}
}
