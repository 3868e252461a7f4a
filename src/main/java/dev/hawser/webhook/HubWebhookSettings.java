package dev.hawser.webhook;

import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The backends of a hub.
 *
 * @param webhooks backends that get the hub's events over HTTP, in place of callback beans
 */
record HubWebhookSettings(@DefaultValue List<WebhookSettings> webhooks) {

	HubWebhookSettings {
		for (int i = 0; i < webhooks.size(); i++) {
			webhooks.get(i).check("hawser.webhooks[" + i + ']');
		}
	}
}
