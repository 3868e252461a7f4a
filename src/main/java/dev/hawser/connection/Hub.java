package dev.hawser.connection;

import dev.hawser.api.HandshakeRequest;
import dev.hawser.connection.execution.TrackRecord;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import dev.hawser.connection.limit.HandshakeRates;
import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.connection.outbox.SendLimits;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A named endpoint for connections, with its settings, limits and observers. Safe for any thread.
 *
 * <p>Its settings can be replaced while it runs. New limits then apply at once; all other settings apply to connections that open
 * afterwards.
 */
public final class Hub {
	/** The name of the hub that always exists. */
	public static final String DEFAULT = "default";

	private final String name;
	private final ConnectionObserver observer;
	private final HandshakeRates handshakes = new HandshakeRates();
	private final AtomicInteger open = new AtomicInteger();
	private final AtomicInteger away = new AtomicInteger();
	private final LongAdder unconfirmed = new LongAdder();
	private final AddressCounts addresses = new AddressCounts();
	private final Map<String, Subprotocol> subprotocols;
	private final MemoryBudget memory;
	private final TrackRecord record = new TrackRecord();
	private volatile ConnectionSettings settings;
	private volatile SendLimits sendLimits;

	/** A hub with raw clients only, and with all the memory that they need. */
	public Hub(String name, ConnectionSettings settings, List<ConnectionObserver> observers) {
		this(name, settings, observers, List.of(), MemoryBudget.unlimited());
	}

	/**
	 * @param observers    told what the hub's connections do, in their order
	 * @param subprotocols the subprotocols that its clients may use besides raw messages
	 * @param memory       the memory of the clients of all hubs
	 */
	public Hub(String name, ConnectionSettings settings, List<ConnectionObserver> observers, List<Subprotocol> subprotocols,
			MemoryBudget memory) {
		this.memory = memory;
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

	/** The settings for sending: one object for all connections that open from now on. */
	SendLimits sendLimits() {
		return sendLimits;
	}

	private static SendLimits limitsOf(ConnectionSettings settings) {
		long bound = settings.outboxSize().toBytes();
		return new SendLimits(bound, Math.max(bound, settings.maxMessageSize().toBytes()), settings.compression().threshold().toBytes(),
				System::nanoTime);
	}

	/** The number of the hub's open connections. */
	public int size() {
		return open.get();
	}

	/** The number of its connections whose clients are away. They count among those that are open. */
	public int away() {
		return away.get();
	}

	/** Bytes that are kept until clients confirm them. */
	public long unconfirmedBytes() {
		return unconfirmed.sum();
	}

	/** Adds up what the hub's connections keep until their clients confirm it. */
	LongAdder unconfirmed() {
		return unconfirmed;
	}

	void clientLeft() {
		away.incrementAndGet();
	}

	void clientIsNoLongerAway() {
		away.decrementAndGet();
	}

	/** Whether the hub has the maximum number of connections and refuses new ones. */
	public boolean isFull() {
		int limit = settings.limits().connections();
		return limit > 0 && open.get() >= limit;
	}

	/** The subprotocol of a client by what was agreed on at the handshake. */
	Subprotocol subprotocol(OpeningHandshake opening) {
		String agreed = opening.subprotocol();
		if (agreed != null) {
			return subprotocols.getOrDefault(agreed, Subprotocol.RAW);
		}
		for (Subprotocol each : subprotocols.values()) {
			if (each.isMeantBy(opening)) {
				return each;
			}
		}
		return Subprotocol.RAW;
	}

	/** The names of the subprotocols that its clients may use besides raw messages, and of one without a name perhaps. */
	public Set<String> subprotocols() {
		return subprotocols.keySet();
	}

	/** The sentence with which a handshake is refused that asks for a subprotocol wrongly; null for no objection. */
	public @Nullable String objection(HandshakeRequest request) {
		return subprotocols.values().stream().map(each -> each.objection(request)).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/** The subprotocol in which the request asks to go on with a connection; null when it asks for a new one. */
	public @Nullable Subprotocol returning(HandshakeRequest request) {
		return subprotocols.values().stream().filter(each -> each.isReturn(request)).findFirst().orElse(null);
	}

	/** How connections with this agreed subprotocol outlive their sockets; null if they end with them. */
	@Nullable
	Continuity continuity(@Nullable String agreed) {
		return agreed == null ? null : subprotocols.getOrDefault(agreed, Subprotocol.RAW).continuity(name);
	}

	/**
	 * Whether messages may be compressed with this agreed subprotocol. Those of connections that outlive their sockets are not: no two
	 * clients get the same bytes, and a window would not outlive the socket.
	 */
	public boolean mayCompress(@Nullable String agreed) {
		return settings.compression().enabled() && continuity(agreed) == null;
	}

	/** The memory of the clients of all hubs. */
	MemoryBudget memory() {
		return memory;
	}

	/** How long the hub's message callbacks take, {@code @NonBlocking} ones not counted. */
	TrackRecord record() {
		return record;
	}

	/** Whether message callbacks that could block may be called on a selector's thread, since they have been quick. */
	boolean callsOnSelectors() {
		return record.isGood() && settings.callbackThreads() == ConnectionSettings.CallbackThreads.ADAPTIVE;
	}

	/** The observer of the hub's connections. */
	public ConnectionObserver observer() {
		return observer;
	}

	/**
	 * The limit that a handshake from this address exceeds; null for none. Counts the handshake, so it must be called once for
	 * each.
	 *
	 * @param address null when the socket is already closed
	 */
	public @Nullable ConnectionLimit admit(@Nullable ClientAddress address) {
		LimitSettings limits = settings.limits();
		ConnectionLimit rate = admitReturning(address);
		if (rate != null) {
			return rate;
		}
		if (isFull()) {
			return ConnectionLimit.CONNECTIONS;
		}
		if (memory.isTight()) {
			return ConnectionLimit.MEMORY;
		}
		return limits.perAddress() > 0 && addresses.of(address) >= limits.perAddress() ? ConnectionLimit.ADDRESS : null;
	}

	/** As {@link #admit}, for a client that comes back to its connection, which has its place already: only the rates count. */
	public @Nullable ConnectionLimit admitReturning(@Nullable ClientAddress address) {
		return handshakes.take(address, settings.limits());
	}

	/**
	 * The limit that the connection exceeds although its handshake was admitted, since others opened at the same time; null for
	 * none.
	 */
	@Nullable
	ConnectionLimit opened(@Nullable ClientAddress address) {
		LimitSettings limits = settings.limits();
		int count = open.incrementAndGet();
		int fromAddress = addresses.add(address);
		if (limits.connections() > 0 && count > limits.connections()) {
			return ConnectionLimit.CONNECTIONS;
		}
		return limits.perAddress() > 0 && fromAddress > limits.perAddress() ? ConnectionLimit.ADDRESS : null;
	}

	void closed(@Nullable ClientAddress address) {
		open.decrementAndGet();
		addresses.remove(address);
	}

	/** The client of a connection has come back from another address. The connection counts there although that may exceed the limit. */
	void moved(@Nullable ClientAddress from, @Nullable ClientAddress to) {
		int _ = addresses.add(to);
		addresses.remove(from);
	}

	/** The number of open connections from an address. */
	public int openFrom(ClientAddress address) {
		return addresses.of(address);
	}

	/** Tells the {@link ClientAddress#name names} of all addresses that have connections, and then of each whose number changes. */
	public void tellOfAddresses(Consumer<String> listener) {
		addresses.tell(listener);
		addresses.each(listener);
	}

	/** Tells the names of all addresses that have connections once more, and then nothing. */
	public void tellOfAddressesOnceMore(Consumer<String> listener) {
		addresses.each(listener);
		addresses.tell(null);
	}
}
