package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetter.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers what dead processes have left, to the backends of this one. */
final class Inheritance implements EventStore.Heir {
	private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);

	private final Map<String, HubWebhooks> byHub;
	private final Undelivered undelivered;

	Inheritance(Map<String, HubWebhooks> byHub, Undelivered undelivered) {
		this.byHub = byHub;
		this.undelivered = undelivered;
	}

	@Override
	public EventStore.@Nullable Kept inherit(String name, byte[] content) {
		Entry left = Entry.of(content);
		if (left == null) {
			LOG.error("An entry of what is owed to backends cannot be read and is skipped");
			return null;
		}
		Instant now = Instant.now();
		HubWebhooks webhooks = byHub.get(left.of().hub());
		if (webhooks == null) {
			bury(left, now);
			return null;
		}
		ConnectionEvents events = ConnectionEvents.left(webhooks, name, left, DisconnectedBody.NODE_LOST);
		Duration age = left.due().isEmpty() ? Duration.ZERO : Duration.between(left.due().getFirst().time(), now);
		undelivered.redelivery().add(events, age.isNegative() ? Duration.ZERO : age);
		return events.stored();
	}

	private void bury(Entry left, Instant now) {
		try {
			List<DeadLetter> dead = left.due().stream().map(event -> new DeadLetter(event, now, Why.UNROUTED, null, 0)).toList();
			undelivered.dead().add(dead);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted: the events stay where they are", e);
		}
	}

	@Override
	public boolean hasRoom() {
		return undelivered.redelivery().hasRoom();
	}
}
