package dev.hawser.connection;

import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.settings.SettingCheck;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits and timeouts of every connection.
 *
 * @param maxMessageSize largest message that a client may send, all fragments together; a larger one closes the connection with
 *     1009
 * @param outboxSize     most bytes that may wait for a client that reads slowly
 * @param slowConsumer   what happens when the outbox is full: close the connection with 1013, or drop the message
 * @param pingInterval   time between two pings to a client; 0 sends none
 * @param pongTimeout    time after a ping in which the client must send something; otherwise the connection is closed with 1001
 * @param idleTimeout    time without a message in either direction after which a connection is closed with 1001; with 0 never
 * @param closeTimeout   time that a client has to answer a close frame and to close its socket
 * @param callbackThreads where message callbacks run that are not {@code @NonBlocking}: on virtual threads only, or on the thread that
 *     reads the sockets as long as they are quick
 * @param compression compression of messages with permessage-deflate
 * @param limits         most connections, handshakes and messages
 */
@ConfigurationProperties("hawser.connection")
public record ConnectionSettings(@DefaultValue("1MB") DataSize maxMessageSize, @DefaultValue("1MB") DataSize outboxSize,
		@DefaultValue("close") SlowConsumerPolicy slowConsumer, @DefaultValue("25s") Duration pingInterval,
		@DefaultValue("20s") Duration pongTimeout, @DefaultValue("0s") Duration idleTimeout,
		@DefaultValue("5s") Duration closeTimeout, @DefaultValue("adaptive") CallbackThreads callbackThreads,
		@DefaultValue Compression compression, @DefaultValue @NestedConfigurationProperty LimitSettings limits) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.connection");
	private static final DataSize MOST = DataSize.ofMegabytes(256);

	public ConnectionSettings {
		size("max-message-size", maxMessageSize);
		size("outbox-size", outboxSize);
		CHECK.notNegative("ping-interval", pingInterval, "0 turns it off");
		CHECK.positive("pong-timeout", pongTimeout, "a few seconds are usual");
		CHECK.notNegative("idle-timeout", idleTimeout, "0 turns it off");
		CHECK.positive("close-timeout", closeTimeout, "a few seconds are usual");
	}

	/** Where message callbacks run that could block. */
	public enum CallbackThreads {
		/**
		 * On virtual threads at first. As long as the callbacks are many and quick, they run on the thread that reads the sockets. When
		 * one takes longer than one or two milliseconds there, another thread reads the sockets in its place, and the callbacks run on
		 * virtual threads again.
		 */
		ADAPTIVE,
		/** Always on virtual threads. */
		VIRTUAL
	}

	/** What happens to a message that does not fit into the outbox of a peer that reads too slowly. */
	public enum SlowConsumerPolicy {
		/** The connection is closed with 1013, so that the peer knows that it has missed messages. */
		CLOSE,
		/**
		 * The message is dropped and the connection stays open: for streams in which each value replaces the last. A message in
		 * fragments is dropped as a whole if there is no room for its first fragment. If there is no room for a later fragment, the
		 * connection is closed with 1013, since the sent fragments cannot be taken back.
		 */
		DROP
	}

	/**
	 * @param enabled               whether the server accepts permessage-deflate (RFC 7692) when a client offers it
	 * @param threshold             size from which on messages are compressed; smaller ones are sent uncompressed
	 * @param maxInflatedSize       largest size of a client's message when it is inflated; a larger one closes the connection with
	 *     1009
	 * @param serverContextTakeover whether the server's messages on a connection share a window: they become smaller, but need 256
	 *     KiB for each connection, and a broadcast is deflated again for every receiver
	 * @param clientContextTakeover whether a client's messages may share a window, which needs up to 32 KiB for each connection
	 */
	public record Compression(@DefaultValue("false") boolean enabled, @DefaultValue("1KB") DataSize threshold,
			@DefaultValue("1MB") DataSize maxInflatedSize, @DefaultValue("false") boolean serverContextTakeover,
			@DefaultValue("false") boolean clientContextTakeover) {

		public Compression {
			CHECK.notNegative("compression.threshold", threshold, "the default is 1KB");
			size("compression.max-inflated-size", maxInflatedSize);
		}

		/** The compression that the server is willing to agree to. */
		public PerMessageDeflate willing() {
			return new PerMessageDeflate(serverContextTakeover, clientContextTakeover);
		}
	}

	private static void size(String name, DataSize size) {
		CHECK.between(name, size, DataSize.ofBytes(1), MOST, "1B and 256MB", "the default is 1MB");
	}
}
