package dev.hawser.settings;

/**
 * Applies the new values of one section while the server runs. A changed section without a participant needs a restart.
 *
 * <p>A reload has two phases: every participant prepares, then every participant commits. If one fails to prepare, no value
 * changes, and the changes that the others have prepared are discarded. Reloads never run at the same time.
 */
public interface ReloadParticipant {

	/** The section whose changes this participant applies without a restart. */
	Section<?> section();

	/**
	 * Creates the objects that the new values need, and changes nothing yet. If this throws, it has released what it had created.
	 *
	 * @throws RuntimeException when the values cannot be used; the message is a sentence that begins with the name of a property
	 */
	Change prepare(Settings fresh);

	/** A prepared change. Exactly one of the two methods is called, once. */
	interface Change {

		/** Puts the change in force. Must not throw. */
		void commit();

		/** Releases the objects of the change. Must not throw. */
		default void discard() {
		}
	}
}
