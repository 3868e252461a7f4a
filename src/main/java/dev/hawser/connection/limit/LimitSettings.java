package dev.hawser.connection.limit;

import dev.hawser.settings.SettingCheck;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits on connections, handshakes and traffic of a hub. 0 turns a limit off. Changes apply at once, also to open connections.
 *
 * @param connections most open connections of the hub; 0 for no limit
 * @param perUser most open connections of one user, on all nodes together; 0 for no limit
 * @param perAddress              most open connections from one client address, on all nodes together; IPv6 addresses count by their /64 network; 0 for no
 *     limit
 * @param handshakesPerSecond most handshakes per second; 0 for no limit
 * @param handshakesPerAddress most handshakes per second from one client address; 0 for no limit
 * @param messagesPerSecond       most text and binary messages that a client may send per second; 0 for no limit
 * @param bytesPerSecond          most bytes that a client may send per second, frame headers included; 0 for no limit
 * @param overRate                what happens to a client that sends faster: delay reads it more slowly, close closes its
 *     connection with 1008
 * @param groups                  most groups that a connection may be in; 0 for no limit
 */
public record LimitSettings(@DefaultValue("50000") int connections, @DefaultValue("100") int perUser,
		@DefaultValue("0") int perAddress, @DefaultValue("0") int handshakesPerSecond,
		@DefaultValue("0") int handshakesPerAddress, @DefaultValue("0") int messagesPerSecond,
		@DefaultValue("0B") DataSize bytesPerSecond, @DefaultValue("delay") OverRatePolicy overRate,
		@DefaultValue("1000") int groups) {
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
		CHECK.notNegative("groups", groups, OFF);
	}

	/** What happens to a client that sends faster than its rate allows. */
	public enum OverRatePolicy {
		/** The client's socket is not read until the client is within its rate again; TCP then slows the client down. */
		DELAY,
		/** The client's connection is closed with 1008. */
		CLOSE
	}

	/** The limits that can refuse one more connection. */
	public enum ConnectionLimit {
		/** {@code hawser.connection.limits.connections} is reached. */
		CONNECTIONS,
		/** More than three quarters of {@code hawser.memory.budget} are used. */
		MEMORY,
		/** {@code hawser.connection.limits.per-user} is reached. */
		USER,
		/** {@code hawser.connection.limits.per-address} is reached. */
		ADDRESS,
		/** {@code hawser.connection.limits.handshakes-per-second} is exceeded. */
		HANDSHAKES,
		/** {@code hawser.connection.limits.handshakes-per-address} is exceeded. */
		HANDSHAKES_OF_ADDRESS
	}

	/** Whether the rate of messages or bytes is limited at all. */
	public boolean limitsTraffic() {
		return messagesPerSecond > 0 || bytesPerSecond.toBytes() > 0;
	}
}
