package dev.hawser.subprotocol;

import dev.hawser.settings.SettingCheck;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is kept for clients whose subprotocol confirms messages. Changes apply to connections that open afterwards.
 *
 * @param window   time in which a client may come back to its connection after its socket broke
 * @param messages most messages that a client may leave unconfirmed; with one more its connection is closed with 1008
 * @param size     most bytes that a client may leave unconfirmed; with more its connection is closed with 1008
 */
@ConfigurationProperties("hawser.reliable")
public record ReliableSettings(@DefaultValue("30s") Duration window, @DefaultValue("1000") int messages,
		@DefaultValue("16MB") DataSize size) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.reliable");
	private static final Duration LONGEST = Duration.ofHours(1);

	public ReliableSettings {
		CHECK.notNegative("window", window, "with 0 a connection ends with its socket");
		CHECK.require(window.compareTo(LONGEST) <= 0,
				"window must be at most 1h, but is " + window.toMillis() + "ms; the default is 30s.");
		CHECK.positive("messages", messages, "the default is 1000");
		CHECK.between("size", size, DataSize.ofKilobytes(1), DataSize.ofMegabytes(256), "1KB and 256MB", "the default is 16MB");
	}
}
