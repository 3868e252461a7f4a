package dev.hawser.handshake;

import dev.hawser.token.TokenSettings;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may open a connection.
 *
 * @param allowedOrigins browser origins that may connect besides the server's own, such as {@code https://app.example.com};
 *     {@code *} allows all
 * @param subprotocols   subprotocols that the server agrees to, when the client offers them
 * @param token          the ticket that a client must show
 */
@ConfigurationProperties("hawser.handshake")
public record HandshakeSettings(@DefaultValue List<String> allowedOrigins, @DefaultValue List<String> subprotocols,
		@DefaultValue @NestedConfigurationProperty TokenSettings token) {

	public HandshakeSettings {
		if (subprotocols.stream().anyMatch("bearer"::equalsIgnoreCase)) {
			throw new IllegalArgumentException(
					"hawser.handshake.subprotocols must not contain 'bearer': that name announces a token and is never echoed.");
		}
	}
}
