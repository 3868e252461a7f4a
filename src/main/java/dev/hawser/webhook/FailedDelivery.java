package dev.hawser.webhook;

import org.jspecify.annotations.Nullable;

/**
 * An event that a backend has not taken, after all repetitions of the call. One that has to be delivered at least once is tried again
 * later.
 *
 * @param hub          the hub's name
 * @param connectionId the connection that the event is of
 * @param userId       the connection's user; null for none
 * @param event        the event's name, which a client may have chosen
 * @param backend      scheme, host and port of the backend
 * @param outcome      as in the metric {@code hawser.webhooks}, such as {@code timeout}
 */
public record FailedDelivery(String hub, String connectionId, @Nullable String userId, String event, String backend, String outcome) {

	/** Told of failed deliveries, on their threads; must be quick and must not throw. Any room may declare one as a bean. */
	@FunctionalInterface
	public interface Listener {
		void failed(FailedDelivery delivery);
	}
}
