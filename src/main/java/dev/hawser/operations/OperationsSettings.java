package dev.hawser.operations;

import dev.hawser.settings.SettingCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may operate this node, and when it says that it is ill.
 *
 * @param key key of the operators, sent as Authorization: Bearer KEY, for everything but health and metrics; at least 32 bytes.
 *     Without a key only health and metrics answer
 * @param standStill time that a selector, or the timer wheel, may not have moved until liveness says no; 0 to have liveness look at
 *     neither
 */
@ConfigurationProperties("hawser.operations")
record OperationsSettings(@Nullable String key, @DefaultValue("10s") Duration standStill) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.operations");
	private static final int SHORTEST_KEY = 32;
	private static final Pattern SENDABLE = Pattern.compile("[!-~]*");

	OperationsSettings {
		CHECK.require(key == null || key.getBytes(StandardCharsets.UTF_8).length >= SHORTEST_KEY, "key must have at least " + SHORTEST_KEY
				+ " bytes: make one with 'openssl rand -base64 48', or leave the property out to have health and metrics only.");
		CHECK.require(key == null || SENDABLE.matcher(key).matches(), "key must be of visible ASCII characters, since it travels in a"
				+ " header: make one with 'openssl rand -base64 48'.");
		CHECK.notNegative("stand-still", standStill, "0 turns it off");
	}

	/** Does not contain the key. */
	@Override
	public String toString() {
		return "OperationsSettings";
	}
}
