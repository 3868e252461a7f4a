package dev.hawser.connection.limit;

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

	public LimitSettings {
		notNegative("connections", connections);
		notNegative("per-user", perUser);
		notNegative("per-address", perAddress);
		notNegative("handshakes-per-second", handshakesPerSecond);
		notNegative("handshakes-per-address", handshakesPerAddress);
		notNegative("messages-per-second", messagesPerSecond);
		notNegative("bytes-per-second", bytesPerSecond.toBytes());
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

	private static void notNegative(String name, long value) {
		if (value < 0) {
			throw new IllegalArgumentException("hawser.connection.limits." + name + " must not be negative, but is " + value
					+ "; 0 turns it off.");
		}
	}
}
