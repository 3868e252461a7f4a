package dev.hawser.application.hub;

import dev.hawser.callback.HubCallbacks;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.handshake.HandshakeSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Shows an IDE what a hub may set: the descriptions of properties know the keys of a map only by the type of its values. Nothing is
 * bound to it.
 *
 * @param hubs named endpoints, each with its own path and rules; {@code default} exists out of the box
 */
@ConfigurationProperties("hawser")
record HubsInAnIde(@DefaultValue Map<String, OfOneHub> hubs) {

	/**
	 * All sections of a hub. What it does not set it has from {@code hawser.handshake} and {@code hawser.connection}.
	 *
	 * @param path       where it answers, besides {@code /client/hubs/<name>}; the hub {@code default} answers at {@code /ws}
	 * @param handshake  who may open a connection
	 * @param callbacks  {@code found}: those that are found for it; {@code none}: its clients only receive, and what they send is dropped
	 * @param connection how its connections are run, and how many there may be
	 */
	record OfOneHub(@Nullable String path, @DefaultValue("found") HubCallbacks callbacks, @DefaultValue HandshakeSettings handshake,
			@DefaultValue ConnectionSettings connection) {
	}
}
