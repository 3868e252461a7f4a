package dev.hawser;

import dev.hawser.connection.ConnectionSettings;
import dev.hawser.event.CallbackSettings;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.handshake.LimitSettings;
import dev.hawser.upgrade.ClientAddressSettings;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set under {@code hawser.}; an unknown property stops the start.
 *
 * @param handshake       who may open a connection
 * @param connection      how every connection is run
 * @param callbacks       how callbacks are called
 * @param limits          how much one client may ask for
 * @param clientAddress   how the address of the real client is found behind proxies
 * @param node            name of this instance, part of every connection id; a random one is made when it is missing
 * @param shutdownTimeout time that all closing handshakes together have when the server stops
 */
@ConfigurationProperties(prefix = "hawser", ignoreUnknownFields = false)
public record HawserSettings(@DefaultValue @NestedConfigurationProperty HandshakeSettings handshake,
		@DefaultValue @NestedConfigurationProperty ConnectionSettings connection,
		@DefaultValue @NestedConfigurationProperty CallbackSettings callbacks,
		@DefaultValue @NestedConfigurationProperty ClientAddressSettings clientAddress,
		@DefaultValue @NestedConfigurationProperty LimitSettings limits, @Nullable String node,
		@DefaultValue("10s") Duration shutdownTimeout) {
	private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._]{1,63}");

	public HawserSettings {
		if (node != null && !NODE.matcher(node).matches()) {
			throw new IllegalArgumentException("hawser.node must be 1 to 63 letters, digits, dots or underscores; leave it out to"
					+ " have one made.");
		}
		if (shutdownTimeout.isNegative()) {
			throw new IllegalArgumentException("hawser.shutdown-timeout must not be negative, but is " + shutdownTimeout.toMillis()
					+ "ms; the default is 10s.");
		}
	}
}
