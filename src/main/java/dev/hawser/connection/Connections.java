package dev.hawser.connection;

import dev.hawser.api.BindResult;
import dev.hawser.api.JoinResult;
import dev.hawser.api.LeaveResult;
import dev.hawser.connection.execution.Deferred;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;

/** All connections that are open on this node, by fd, user and group. Safe for any thread. */
public final class Connections implements AutoCloseable {
	/** Time for the last callbacks of dropped connections, which wait for nothing else. */
	private static final Duration LAST_CALLBACKS = Duration.ofSeconds(2);

	private volatile String node;
	volatile BooleanSupplier elsewhere = () -> false;
	private final Executor threads;
	private final AtomicLong lastFd = new AtomicLong();
	private final ConcurrentHashMap<Fd, LiveConnection> byFd = new ConcurrentHashMap<>();
	private final RecoveredIds byRecoveredId = new RecoveredIds();
	private final Members byUser = new Members();
	private final Members byGroup = new Members();
	private final Gathering gathering = new Gathering();
	private final Counts counts = new Counts();
	private final Departure departure = new Departure(this::size);
	private final TimerWheel timers = new TimerWheel(gathering::flush);
	private volatile @Nullable MembershipListener listener;

	/**
	 * @param node    this node's name in the cluster: letters, digits, dots, dashes, underscores
	 * @param threads runs callbacks that may block; one thread each, virtual ones in production
	 */
	public Connections(String node, Executor threads) {
		this.node = node;
		this.threads = threads;
		timers.start();
	}

	/** The next connection's number. */
	public long nextFd() {
		return lastFd.incrementAndGet();
	}

	/** Makes a connection that is not open yet: the transport opens it when the 101 is on the wire. */
	public WebSocketConnection create(OpeningHandshake opening, Transport transport, WebSocketHandler handler) {
		Continuity continuity = opening.hub().continuity(opening.subprotocol());
		LiveConnection connection = continuity == null ? new LiveConnection(opening, transport, handler, this)
				: new LastingConnection(opening, new Line(transport), handler, this, continuity);
		connection.transport.carry(connection);
		return connection;
	}

	/** The connection with this fd, or null. One that is closed is still found while its {@code OnClose} runs. */
	public @Nullable WebSocketConnection find(long fd) {
		LiveConnection calling = Deferred.caller(LiveConnection.class); // most callbacks answer the client that called
		return calling != null && calling.fd() == fd && calling.connections == this ? calling : byFd.get(new Fd(fd));
	}

	/** The connection with this {@link WebSocketConnection#getId id}, or null; always null for one that is now on another node. */
	public @Nullable WebSocketConnection find(String connectionId) {
		return byRecoveredId.find(connectionId, fd -> byFd.get(new Fd(fd)));
	}

	/** Every connection on this node, in no order; weakly consistent. */
	public Stream<WebSocketConnection> all() {
		return byFd.values().stream().map(connection -> connection);
	}

	/** The smallest fds of connections above {@code after} that are not over, ascending, at most {@code count}. */
	public List<Long> page(long after, int count) {
		return SmallestFds.of(byFd.values(), after, count);
	}

	/** The connections of a user on this node, in no order. */
	public Collection<WebSocketConnection> ofUser(String userId) {
		return byUser.of(userId);
	}

	/** The connections of a user at a hub of this node, in no order. */
	public Collection<WebSocketConnection> ofUser(String hub, String userId) {
		return byUser.of(hub, userId);
	}

	/** The members of a group on this node, in no order. */
	public Collection<WebSocketConnection> ofGroup(String hub, String group) {
		return byGroup.of(hub, group);
	}

	/** Makes the connection a member of a group of its hub. */
	public JoinResult join(long fd, String group) {
		WebSocketConnection connection = find(fd);
		return connection == null || connection.isClosed() ? JoinResult.NOT_FOUND : connection.memberships(byGroup).join(group);
	}

	/** Makes the connection a member of all of the groups of its hub, or of none when they would be too many. */
	public JoinResult join(long fd, Collection<String> groups) {
		WebSocketConnection connection = find(fd);
		return connection == null || connection.isClosed() ? JoinResult.NOT_FOUND : connection.memberships(byGroup).joinAll(groups);
	}

	/** Removes the connection from a group of its hub. */
	public LeaveResult leave(long fd, String group) {
		WebSocketConnection connection = find(fd);
		return connection == null || connection.isClosed() ? LeaveResult.NOT_FOUND : connection.memberships(byGroup).leave(group);
	}

	/** The number of open connections. */
	public int size() {
		return byFd.size();
	}

	/** Bytes that wait in this moment for the clients of each hub that has any clients. Looks at every connection. */
	public Map<Hub, Long> queuedBytes() {
		return byFd.values().stream()
				.collect(Collectors.groupingBy(LiveConnection::hub, Collectors.summingLong(LiveConnection::queuedBytes)));
	}

	/** Totals of all connections, ended ones included; messages of a connection that is just ending may count twice for a moment. */
	public Totals totals() {
		return counts.totals(byFd.values().stream().map(LiveConnection::traffic));
	}

	/**
	 * @param opened      connections established since the start
	 * @param closed      connections that have ended
	 * @param messagesIn  text and binary messages received
	 * @param messagesOut text and binary messages accepted for sending
	 */
	public record Totals(long opened, long closed, long messagesIn, long messagesOut) {
	}

	/** Binds the connection to a user, in place of the user that its token named; possible once for a connection. */
	public BindResult bind(long fd, String userId) {
		WebSocketConnection connection = find(fd);
		if (connection == null || connection.isClosed()) {
			return BindResult.NOT_FOUND;
		}
		String before = connection.userId();
		if (!connection.bindUser(userId)) {
			return BindResult.ALREADY_BOUND;
		}
		byUser.remove(before, connection);
		byUser.add(userId, connection);
		if (!byFd.containsKey(connection)) { // closed meanwhile: the later of the two calls cleans up
			byUser.remove(userId, connection);
		}
		return BindResult.BOUND;
	}

	/** From now on closes every connection with the status as soon as it opens, such as those whose handshake is under way; null ends it. */
	public void turnAway(@Nullable CloseStatus status) {
		departure.turnAway(status);
	}

	/**
	 * Closes all connections with the status behind the callbacks for what they have sent, waits for their last callbacks, and drops those that are left at the deadline, which
	 * get a little more time for their last callbacks. New connections are closed from then on, see {@link #turnAway}.
	 *
	 * @return the number of connections that had not finished in time
	 */
	public int closeAll(CloseStatus status, Duration wait) throws InterruptedException {
		turnAway(status);
		all().forEach(connection -> connection.closeAfterCallbacks(status));
		departure.awaitLast(wait);
		int left = size();
		byFd.values().stream().filter(LiveConnection::isAway).forEach(connection -> connection.startClosing(status));
		byFd.values().forEach(connection -> connection.ended(null));
		departure.awaitLast(LAST_CALLBACKS);
		return left;
	}

	/** Stops the deadlines, which may take a second. Connections must have been closed before. */
	@Override
	public void close() {
		timers.close();
	}

	Executor threads() {
		return threads;
	}

	TimerWheel timers() {
		return timers;
	}

	Gathering gathering() {
		return gathering;
	}

	/** The name in the whole cluster of the next connection, with this number. */
	public String connectionId(long fd) {
		return node + "-" + fd;
	}

	/** Whether connections are closed as soon as they open. */
	public boolean isTurningAway() {
		return departure.status() != null;
	}

	/** The name of this node in the cluster, with which the ids of its connections begin. */
	public String node() {
		return node;
	}

	/** From now on this node has another name, with which the ids of new connections begin. Open ones keep theirs; they are to be closed. */
	public void rename(String name) {
		node = name;
	}

	/** The listener is told of the changes in the numbers of connections of users and groups from now on. */
	public void tell(MembershipListener listener) {
		this.listener = listener;
		byRecoveredId.tell(listener);
		byUser.tell(listener::userChanged);
		byGroup.tell(listener::groupChanged);
	}

	/** Tells of every user and every group that has a connection now, and of every connection that began on another node. */
	public void tellAll(MembershipListener listener) {
		byUser.each(listener::userChanged);
		byGroup.each(listener::groupChanged);
		byRecoveredId.tellAll(listener);
	}

	/** Whether this connection began on another node and is here now. */
	public boolean hasRecovered(String connectionId) {
		return byRecoveredId.has(connectionId);
	}

	/** @param elsewhere whether clients may go on elsewhere now; any thread may ask */
	public void moveTo(BooleanSupplier elsewhere) {
		this.elsewhere = elsewhere;
	}

	void add(LiveConnection connection) {
		CloseStatus refusal = refusal(connection, enter(connection));
		if (refusal != null) {
			connection.startClosing(refusal);
		}
	}

	/** Counts the connection before it can be found. Returns the limit that it exceeds. */
	@Nullable
	ConnectionLimit enter(LiveConnection connection) {
		counts.opened();
		MembershipListener told = listener;
		if (told != null) {
			told.opening(connection.fd());
		}
		ConnectionLimit limit = connection.hub().opened(ClientAddress.of(connection.getRemoteAddress()));
		byUser.add(connection.userId(), connection); // before bind can find it, which moves it
		byFd.put(connection, connection);
		connection.firstGroups().forEach(group -> connection.memberships(byGroup).join(group));
		byRecoveredId.add(connection);
		return limit;
	}

	/** The reason to close a new connection although its handshake was accepted: the state may have changed since. */
	private @Nullable CloseStatus refusal(WebSocketConnection connection, @Nullable ConnectionLimit limit) {
		CloseStatus closing = departure.status();
		if (closing != null) {
			return closing;
		}
		if (limit == null) {
			return isOverLimit(connection.hub(), connection.userId(), 1) ? CloseReasons.TOO_MANY : null;
		}
		return limit == ConnectionLimit.CONNECTIONS ? CloseReasons.FULL : CloseReasons.TOO_MANY;
	}

	/** Whether the user has the maximum number of connections at the hub. */
	public boolean isFullFor(Hub hub, @Nullable String userId) {
		return isOverLimit(hub, userId, 0);
	}

	private boolean isOverLimit(Hub hub, @Nullable String userId, int counted) {
		int limit = hub.settings().limits().perUser();
		return userId != null && limit > 0 && byUser.count(hub, userId) >= limit + counted;
	}

	/**
	 * A caller that no longer finds the connection finds its place in the hub free, and what it did counted. It leaves its groups
	 * first, and its user last, see {@link #bind}.
	 */
	void remove(LiveConnection connection) {
		connection.memberships(byGroup).end();
		connection.hub().closed(ClientAddress.of(connection.getRemoteAddress()));
		counts.closed(connection.traffic());
		byFd.remove(connection);
		byRecoveredId.remove(connection);
		byUser.remove(connection.userId(), connection);
		departure.oneLess();
	}
}
