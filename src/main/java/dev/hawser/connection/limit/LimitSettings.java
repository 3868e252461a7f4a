package dev.hawser.connection.limit;

import dev.hawser.settings.SettingCheck;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How many connections a hub takes, and how fast. 0 switches a limit off. Changes apply at once, to open connections too.
 *
 * @param connections             most open connections of the hub
 * @param perUser                 most open connections of one user
 * @param perAddress              most open connections from one client address; IPv6 addresses count by their /64 network
 * @param handshakesPerSecond     handshakes begun per second
 * @param handshakesPerAddress    handshakes begun per second from one client address
 * @param messagesPerSecond       text and binary messages that a client may send per second
 * @param bytesPerSecond          bytes that a client may send per second, frame headers included
 * @param overRate                what happens to a client that sends faster
 */
public record LimitSettings(@DefaultValue("50000") int connections, @DefaultValue("100") int perUser,
		@DefaultValue("0") int perAddress, @DefaultValue("0") int handshakesPerSecond,
		@DefaultValue("0") int handshakesPerAddress, @DefaultValue("0") int messagesPerSecond,
		@DefaultValue("0B") DataSize bytesPerSecond, @DefaultValue("delay") OverRatePolicy overRate) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.connection.limits");
	private static final String OFF = "0 turns it off";

	public LimitSettings {
		CHECK.notNegative("connections", connections, OFF);
		CHECK.notNegative("per-user", perUser, OFF);
		CHECK.notNegative("per-address", perAddress, OFF);
		CHECK.notNegative("handshakes-per-second", handshakesPerSecond, OFF);
		CHECK.notNegative("handshakes-per-address", handshakesPerAddress, OFF);
		CHECK.notNegative("messages-per-second", messagesPerSecond, OFF);
		CHECK.notNegative("bytes-per-second", bytesPerSecond, OFF);
	}

	/** What happens to a client that sends faster than it may. */
	public enum OverRatePolicy {
		/** It is not read until it may go on: TCP holds it back. */
		DELAY,
		/** Its connection is closed with 1008. */
		CLOSE
	}

	/** Whether the rate of messages or bytes is limited at all. */
	public boolean limitsTraffic() {
		return messagesPerSecond > 0 || bytesPerSecond.toBytes() > 0;
	}
}
