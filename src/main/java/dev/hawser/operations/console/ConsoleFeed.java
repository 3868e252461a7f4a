package dev.hawser.operations.console;

import dev.hawser.operations.console.ConsoleEvents.Event;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Takes what rooms that the console does not know have to tell operators. Any thread may call; costs nothing while no operator looks. */
public final class ConsoleFeed {
	private final ConsoleEvents events;
	private final InstantSource clock;

	ConsoleFeed(ConsoleEvents events, InstantSource clock) {
		this.events = events;
		this.clock = clock;
	}

	/**
	 * A backend has not taken an event of a connection.
	 *
	 * @param user    the connection's user; null for none
	 * @param event   the event's name
	 * @param backend scheme, host and port of the backend
	 * @param outcome what has become of the call, such as {@code timeout}
	 */
	public void webhookFailed(String hub, String connection, @Nullable String user, String event, String backend, String outcome) {
		if (events.areWatched()) {
			events.tell(new Event(clock.millis(), "webhook", hub, connection, user, event + " at " + backend + ": " + outcome, 0, null));
		}
	}
}
