package dev.hawser.settings;

/**
 * Puts the fresh values of its section in force while the server runs. A changed section that has no participant needs a restart.
 *
 * <p>A reload has two phases: every participant prepares, then every one commits. Where one cannot prepare, no value changes, and
 * what the others have prepared is discarded. Reloads never run at the same time.
 */
public interface ReloadParticipant {

	/** The section whose changes need no restart. */
	Section<?> section();

	/**
	 * Makes what the fresh values need, and changes nothing yet. What has been made when this throws, it gives back itself.
	 *
	 * @throws RuntimeException when the values cannot be used; the message is a sentence that begins with the name of a property
	 */
	Change prepare(Settings fresh);

	/** What is prepared. One of the two methods is called, once. */
	interface Change {

		/** Puts it in force. Must not throw. */
		void commit();

		/** Gives back what was made for it. Must not throw. */
		default void discard() {
		}
	}
}
