package dev.hawser.connection;

import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.outbox.SlowConsumerPolicy;
import dev.hawser.protocol.PerMessageDeflate;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
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
 * @param compression    permessage-deflate
 * @param limits         how many connections there may be, and how fast
 */
@ConfigurationProperties("hawser.connection")
public record ConnectionSettings(@DefaultValue("1MB") DataSize maxMessageSize, @DefaultValue("1MB") DataSize outboxSize,
		@DefaultValue("close") SlowConsumerPolicy slowConsumer, @DefaultValue("25s") Duration pingInterval,
		@DefaultValue("20s") Duration pongTimeout, @DefaultValue("0s") Duration idleTimeout,
		@DefaultValue("5s") Duration closeTimeout, @DefaultValue Compression compression,
		@DefaultValue @NestedConfigurationProperty LimitSettings limits) {
	private static final DataSize MOST = DataSize.ofMegabytes(256);

	public ConnectionSettings {
		size("max-message-size", maxMessageSize);
		size("outbox-size", outboxSize);
		notNegative("ping-interval", pingInterval);
		positive("pong-timeout", pongTimeout);
		notNegative("idle-timeout", idleTimeout);
		positive("close-timeout", closeTimeout);
	}

	/**
	 * @param enabled               whether permessage-deflate (RFC 7692) is agreed to when a client offers it
	 * @param threshold             messages under this size go uncompressed
	 * @param maxInflatedSize       largest size to which a client's message may inflate; a larger one closes with 1009
	 * @param serverContextTakeover whether each connection's messages share a window: smaller messages, but 256 KiB for each
	 *     connection, and a broadcast is deflated anew for every receiver
	 * @param clientContextTakeover whether clients may let their messages share a window: up to 32 KiB for each connection
	 */
	public record Compression(@DefaultValue("false") boolean enabled, @DefaultValue("1KB") DataSize threshold,
			@DefaultValue("1MB") DataSize maxInflatedSize, @DefaultValue("false") boolean serverContextTakeover,
			@DefaultValue("false") boolean clientContextTakeover) {

		public Compression {
			if (threshold.isNegative()) {
				throw new IllegalArgumentException("hawser.connection.compression.threshold must not be negative, but is " + threshold
						+ "; the default is 1KB.");
			}
			size("compression.max-inflated-size", maxInflatedSize);
		}

		/** What the server would agree to. */
		public PerMessageDeflate willing() {
			return new PerMessageDeflate(serverContextTakeover, clientContextTakeover);
		}
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
