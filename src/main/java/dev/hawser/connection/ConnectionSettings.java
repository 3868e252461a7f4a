package dev.hawser.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How every connection is run.
 *
 * @param maxMessageSize largest message that a client may send, all fragments together; a larger one closes with 1009
 * @param outboxSize     most bytes that may wait for a client that reads slowly
 * @param slowConsumer   what happens when the outbox is full: close the connection with 1013, or drop the message
 * @param pingInterval   time between two pings to a client; 0 sends none
 * @param pongTimeout    time after a ping in which the client must send something, or it is taken for dead
 * @param idleTimeout    time without a message in either direction after which a connection is closed with 1001; 0 never
 * @param closeTimeout   time that a client has to answer a close frame and to hang up
 */
@ConfigurationProperties("hawser.connection")
public record ConnectionSettings(@DefaultValue("1MB") DataSize maxMessageSize, @DefaultValue("1MB") DataSize outboxSize,
		@DefaultValue("close") SlowConsumerPolicy slowConsumer, @DefaultValue("25s") Duration pingInterval,
		@DefaultValue("20s") Duration pongTimeout, @DefaultValue("0s") Duration idleTimeout,
		@DefaultValue("5s") Duration closeTimeout) {
	private static final DataSize MOST = DataSize.ofMegabytes(256);

	public ConnectionSettings {
		size("max-message-size", maxMessageSize);
		size("outbox-size", outboxSize);
		notNegative("ping-interval", pingInterval);
		positive("pong-timeout", pongTimeout);
		notNegative("idle-timeout", idleTimeout);
		positive("close-timeout", closeTimeout);
	}

	private static void size(String name, DataSize size) {
		if (size.toBytes() < 1 || size.compareTo(MOST) > 0) {
			throw new IllegalArgumentException("hawser.connection." + name + " must be between 1B and 256MB, but is " + size
					+ "; the default is 1MB.");
		}
	}

	private static void notNegative(String name, Duration time) {
		if (time.isNegative()) {
			throw new IllegalArgumentException("hawser.connection." + name + " must not be negative, but is " + time.toMillis()
					+ "ms; 0 turns it off.");
		}
	}

	private static void positive(String name, Duration time) {
		if (time.toMillis() < 1) {
			throw new IllegalArgumentException("hawser.connection." + name + " must be at least 1ms, but is " + time.toMillis()
					+ "ms; a few seconds are usual.");
		}
	}
}
