package dev.hawser.application.hub;

import dev.hawser.callback.HubCallbacks;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.subprotocol.ReliableSettings;
import dev.hawser.webhook.WebhookSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Describes the properties of a hub to an IDE: the generated metadata knows the properties of a map's entries only from the type of
 * its values. No values are bound to this record.
 *
 * @param hubs named endpoints, each with its own path and rules; the hub named default always exists
 */
@ConfigurationProperties("hawser")
record HubsInAnIde(@DefaultValue Map<String, OfOneHub> hubs) {

	/**
	 * All sections of a hub. The values that a hub does not set are taken from {@code hawser.handshake} and {@code
	 * hawser.connection}.
	 *
	 * @param path       path at which the hub answers, besides /client/hubs/NAME; the hub named default answers at /ws
	 * @param handshake which clients may open a connection
	 * @param callbacks  found: the hub uses the callbacks that are declared for it; none: its clients only receive, and messages
	 *     from them are dropped
	 * @param webhooks   backends that get the hub's events over HTTP, in place of callback beans
	 * @param connection limits and timeouts of the hub's connections
	 * @param reliable   what is kept for clients whose subprotocol confirms messages
	 */
	record OfOneHub(@Nullable String path, @DefaultValue("found") HubCallbacks callbacks, @DefaultValue List<WebhookSettings> webhooks,
			@DefaultValue HandshakeSettings handshake,
			@DefaultValue ConnectionSettings connection, @DefaultValue ReliableSettings reliable) {
	}
}
