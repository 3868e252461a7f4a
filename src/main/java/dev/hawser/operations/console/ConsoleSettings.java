package dev.hawser.operations.console;

import dev.hawser.settings.SettingCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operators' page at /console on the operations' port.
 *
 * @param enabled      whether there is such a page
 * @param viewKey      a second key, which lets its holder look and do nothing, at least 32 bytes; without it only the operators' key
 *     signs in
 * @param idleLogout   time without a click after which an operator has to sign in again; at most 12h
 * @param showPayloads whether operators see the beginning of the messages of a connection that they look at, those with the view key too
 */
@ConfigurationProperties("hawser.console")
record ConsoleSettings(@DefaultValue("true") boolean enabled, @Nullable String viewKey, @DefaultValue("30m") Duration idleLogout,
		@DefaultValue("false") boolean showPayloads) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.console");
	private static final int SHORTEST_KEY = 32;
	private static final Duration LONGEST_IDLE = Duration.ofHours(12);

	ConsoleSettings {
		CHECK.require(viewKey == null || viewKey.getBytes(StandardCharsets.UTF_8).length >= SHORTEST_KEY, "view-key must have at least "
				+ SHORTEST_KEY + " bytes: make one with 'openssl rand -base64 48', or leave the property out.");
		CHECK.require(idleLogout.isPositive() && idleLogout.compareTo(LONGEST_IDLE) <= 0,
				"idle-logout must be more than 0 and at most 12h, but is " + idleLogout + ".");
	}

	/** Does not contain the key. */
	@Override
	public String toString() {
		return "ConsoleSettings";
	}
}
