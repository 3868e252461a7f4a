package dev.hawser.application.hub;

import dev.hawser.settings.SettingCheck;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings that only a hub has.
 *
 * @param path path at which the hub answers, besides /client/hubs/NAME; the hub named default answers at /ws
 */
record HubSettings(@Nullable String path) {
	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	HubSettings {
		new SettingCheck("hawser").require(path == null || PATH.matcher(path).matches(), "path must be like /chat or /v1/chat: segments"
				+ " of letters, digits, dots, tildes, underscores and dashes, none of them empty.");
	}
}
