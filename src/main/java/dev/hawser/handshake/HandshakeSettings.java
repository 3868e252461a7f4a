package dev.hawser.handshake;

import dev.hawser.settings.SettingCheck;
import dev.hawser.token.TokenSettings;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which clients may open a connection.
 *
 * @param allowedOrigins browser origins that may connect besides the server's own, such as https://app.example.com;
 *     https://*.example.com allows all sub-domains, app://* all pages of a scheme other than http and https, null pages without an
 *     origin, * all origins
 * @param requireOrigin  whether a client without an Origin header, which is not a browser, is refused
 * @param subprotocols   subprotocols that the server accepts when a client offers them
 * @param subprotocolLength most bytes of the Sec-WebSocket-Protocol header, which may contain a token; a longer header is answered with 431
 * @param token          the token that a client must present
 */
@ConfigurationProperties("hawser.handshake")
public record HandshakeSettings(@DefaultValue List<String> allowedOrigins, @DefaultValue("false") boolean requireOrigin,
		@DefaultValue List<String> subprotocols, @DefaultValue("4KB") DataSize subprotocolLength,
		@DefaultValue @NestedConfigurationProperty TokenSettings token) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.handshake");

	public HandshakeSettings {
		CHECK.notNegative("subprotocol-length", subprotocolLength, "the default is 4KB");
		for (String origin : allowedOrigins) {
			checkOrigin(origin);
		}
		CHECK.require(subprotocols.stream().noneMatch("bearer"::equalsIgnoreCase),
				"subprotocols must not contain 'bearer': that name announces a token and is never echoed.");
	}

	private static void checkOrigin(String origin) {
		try {
			new AllowedOrigins(List.of(origin));
		}
		catch (IllegalArgumentException e) {
			throw new IllegalArgumentException("hawser.handshake.allowed-origins has an entry that " + e.getMessage()
					+ ": write https://app.example.com, https://*.example.com, a scheme of your own as app://*, null or *, without a path.",
					e);
		}
	}
}
