package dev.hawser.connection;

import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.ConnectionLimit;
import dev.hawser.connection.limit.HandshakeRates;
import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.outbox.Outbox;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The named endpoint through which connections come in: how they are run, how many there may be, and who is told of them.
 * Safe for any thread.
 *
 * <p>Its settings can be replaced while it runs. Limits then apply at once; everything else to connections that open from
 * then on.
 */
public final class Hub {
	/** The one that exists out of the box. */
	public static final String DEFAULT = "default";

	private final String name;
	private final ConnectionObserver observer;
	private final HandshakeRates handshakes = new HandshakeRates();
	private final AtomicInteger open = new AtomicInteger();
	private final ConcurrentHashMap<Object, Integer> openByAddress = new ConcurrentHashMap<>();
	private final Map<String, Subprotocol> subprotocols;
	private volatile ConnectionSettings settings;
	private volatile Outbox.Limits sendLimits;

	/** With raw clients only. */
	public Hub(String name, ConnectionSettings settings, List<ConnectionObserver> observers) {
		this(name, settings, observers, List.of());
	}

	/**
	 * @param observers    told what the hub's connections do, in their order
	 * @param subprotocols what its clients may speak besides raw messages
	 */
	public Hub(String name, ConnectionSettings settings, List<ConnectionObserver> observers, List<Subprotocol> subprotocols) {
		this.subprotocols = subprotocols.stream().collect(Collectors.toUnmodifiableMap(Subprotocol::name, each -> each));
		this.name = name;
		this.settings = settings;
		this.sendLimits = limitsOf(settings);
		this.observer = ConnectionObserver.of(observers);
	}

	public String name() {
		return name;
	}

	public ConnectionSettings settings() {
		return settings;
	}

	/** Replaces the settings. */
	public void settings(ConnectionSettings replacement) {
		settings = replacement;
		sendLimits = limitsOf(replacement);
	}

	/** The settings as far as sending goes: one object for all connections that open from now on. */
	Outbox.Limits sendLimits() {
		return sendLimits;
	}

	private static Outbox.Limits limitsOf(ConnectionSettings settings) {
		long bound = settings.outboxSize().toBytes();
		return new Outbox.Limits(bound, Math.max(bound, settings.maxMessageSize().toBytes()), settings.compression().threshold().toBytes(),
				System::nanoTime);
	}

	/** How many of its connections are open. */
	public int size() {
		return open.get();
	}

	/** Whether newcomers are turned away since it has as many connections as it may. */
	public boolean isFull() {
		int limit = settings.limits().connections();
		return limit > 0 && open.get() >= limit;
	}

	/** What a client speaks that agreed on this at the handshake; null for nothing. */
	Subprotocol subprotocol(@Nullable String agreed) {
		return agreed == null ? Subprotocol.RAW : subprotocols.getOrDefault(agreed, Subprotocol.RAW);
	}

	/** Told what its connections do. */
	public ConnectionObserver observer() {
		return observer;
	}

	/**
	 * The limit that stands against a handshake from this address, or null. Counts the handshake: to be asked once for each.
	 *
	 * @param address null when the socket is already gone
	 */
	public @Nullable ConnectionLimit admit(@Nullable ClientAddress address) {
		LimitSettings limits = settings.limits();
		ConnectionLimit rate = handshakes.take(address, limits);
		if (rate != null) {
			return rate;
		}
		if (isFull()) {
			return ConnectionLimit.CONNECTIONS;
		}
		return limits.perAddress() > 0 && ofAddress(address) >= limits.perAddress() ? ConnectionLimit.ADDRESS : null;
	}

	/** The limit that the connection breaks although its handshake was admitted, since others opened at the same time; or null. */
	@Nullable
	ConnectionLimit opened(@Nullable ClientAddress address) {
		LimitSettings limits = settings.limits();
		int count = open.incrementAndGet();
		int fromAddress = address == null ? 0 : openByAddress.merge(address.key(), 1, Integer::sum);
		if (limits.connections() > 0 && count > limits.connections()) {
			return ConnectionLimit.CONNECTIONS;
		}
		return limits.perAddress() > 0 && fromAddress > limits.perAddress() ? ConnectionLimit.ADDRESS : null;
	}

	void closed(@Nullable ClientAddress address) {
		open.decrementAndGet();
		if (address != null) {
			openByAddress.computeIfPresent(address.key(), (_, count) -> count == 1 ? null : count - 1);
		}
	}

	private int ofAddress(@Nullable ClientAddress address) {
		return address == null ? 0 : openByAddress.getOrDefault(address.key(), 0);
	}
}
