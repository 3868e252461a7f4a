package dev.hawser.webhook;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What webhooks keep of a connection that moves to another node: the state that backends have set, and the events that are due. The record in
 * the store is removed here when the other node has its own. Safe for any thread.
 */
public final class WebhookLuggage {
	/** The attribute of a connection that has what webhooks keep of it. */
	public static final String ATTRIBUTE = ConnectionEvents.ATTRIBUTE;
	private static final byte[] NONE = new byte[0];

	private final Map<String, HubWebhooks> byHub;

	WebhookLuggage(Map<String, HubWebhooks> byHub) {
		this.byHub = byHub;
	}

	/**
	 * What is known of a connection that has left this node; empty for one without webhooks. From now on no event of it is delivered here.
	 * Blocks, for two seconds at most.
	 *
	 * @return null when an event is being delivered for longer
	 */
	public byte @Nullable [] pack(Map<String, Object> attributes) throws InterruptedException {
		if (!(attributes.get(ATTRIBUTE) instanceof ConnectionEvents events)) {
			return NONE;
		}
		Entry entry = events.pack();
		return entry == null ? null : entry.json();
	}

	/** The other node has what was packed, and tells of the connection. */
	public void arrived(Map<String, Object> attributes) {
		if (attributes.get(ATTRIBUTE) instanceof ConnectionEvents events) {
			events.stored().forget();
		}
	}

	/** The connection is on no node any more: the backend is told of its end. Blocks. */
	public void lost(Map<String, Object> attributes) {
		if (attributes.get(ATTRIBUTE) instanceof ConnectionEvents events) {
			events.stored().takeBack();
			HubWebhooks hub = byHub.get(events.origin().hub());
			if (hub != null) {
				hub.tell(events, EventNames.DISCONNECTED, DisconnectedBody.NODE_LOST);
			}
		}
	}

	/** The value of {@link #ATTRIBUTE} for a connection that comes to this node; null for one without webhooks. */
	public @Nullable Object unpack(byte[] packed) {
		Entry entry = packed.length == 0 ? null : Entry.of(packed);
		HubWebhooks hub = entry == null ? null : byHub.get(entry.of().hub());
		return hub == null || entry == null ? null : new ConnectionEvents(hub, entry.of().uniqueId(), entry);
	}

	/** Stores what {@link #unpack} has made, and delivers what is due. Blocks until it is stored. */
	public void keep(@Nullable Object value) throws InterruptedException {
		if (value instanceof ConnectionEvents events) {
			HubWebhooks hub = byHub.get(events.origin().hub());
			events.accepted();
			if (hub != null && events.due() > 0) {
				hub.later(events);
			}
		}
	}
}
