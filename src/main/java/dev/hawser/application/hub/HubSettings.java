package dev.hawser.application.hub;

import dev.hawser.connection.ConnectionSettings;
import dev.hawser.handshake.HandshakeSettings;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A hub. What it does not set it has from {@code hawser.handshake} and {@code hawser.connection}.
 *
 * @param path       where it answers, besides {@code /client/hubs/<name>}; the hub {@code default} answers at {@code /ws}
 * @param handshake  who may open a connection
 * @param connection how its connections are run, and how many there may be
 */
public record HubSettings(@Nullable String path, @DefaultValue HandshakeSettings handshake, @DefaultValue ConnectionSettings connection) {
	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	public HubSettings {
		if (path != null && !PATH.matcher(path).matches()) {
			throw new IllegalArgumentException("hawser.path must be like /chat or /v1/chat: segments of letters, digits, dots,"
					+ " tildes, underscores and dashes, none of them empty.");
		}
	}
}
