package dev.hawser.push;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Names;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.SendResult;
import dev.hawser.api.Target;
import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.security.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** The {@link Clients} of a single node, which has all connections: every call is done when it returns. */
final class LocalClients implements Clients {
	private static final OutgoingFrame PING = new OutgoingFrame(Opcode.PING, true, new byte[0]);

	private static final Pattern PLACE = Pattern.compile("[0-9]{1,18}");
	static final String NO_PAGE = "This is no place in a list that a page has named: begin with the first page.";

	private final Connections connections;
	private final Receivers receivers;
	private final Turns turns;

	LocalClients(Connections connections) {
		this(connections, Turns.ofVirtualThreads());
	}

	LocalClients(Connections connections, Turns turns) {
		this(connections, turns, new Receivers(connections));
	}

	private LocalClients(Connections connections, Turns turns, Receivers receivers) {
		this.connections = connections;
		this.turns = turns;
		this.receivers = receivers;
	}

	/** The same, as if this connection were the only one. */
	LocalClients of(WebSocketConnection only) {
		return new LocalClients(connections, turns, new Receivers(connections, only));
	}

	@Override
	public CompletionStage<Delivery> send(Target target, Frame message) {
		return send(target, WholeMessage.of(message, target));
	}

	@Override
	public CompletionStage<Delivery> send(Target target, Frame message, Duration within) {
		return send(target, WholeMessage.of(message, target).until(WholeMessage.end(within)));
	}

	private CompletionStage<Delivery> send(Target target, WholeMessage message) {
		return done(each(target, receivers.isOne(target) ? message.forOne()::sendTo : message::sendTo));
	}

	@Override
	public CompletionStage<Delivery> close(Target target, CloseStatus status) {
		CloseCodes.requireSendable(status.getCode(), status.getReason());
		return done(each(target, connection -> connection.startClosing(status)));
	}

	@Override
	public CompletionStage<Delivery> ping(Target target) {
		return done(each(target, connection -> connection.send(PING)));
	}

	@Override
	public CompletionStage<Delivery> join(Target target, Collection<String> groups) {
		groups.forEach(Names::requireGroup);
		return done(count(target, connection -> switch (connections.join(connection.fd(), groups)) {
			case JOINED, ALREADY_JOINED -> true;
			case TOO_MANY, NOT_FOUND -> false;
		}));
	}

	@Override
	public CompletionStage<Delivery> leave(Target target, Collection<String> groups) {
		return done(count(target, connection -> leave(connection, groups)));
	}

	@Override
	public CompletionStage<Delivery> leaveAll(Target target) {
		return done(count(target, connection -> leave(connection, connection.groups())));
	}

	private boolean leave(WebSocketConnection connection, Collection<String> groups) {
		return groups.stream().allMatch(group -> switch (connections.leave(connection.fd(), group)) {
			case LEFT, NOT_A_MEMBER -> true;
			case NOT_FOUND -> false;
		});
	}

	@Override
	public CompletionStage<Delivery> permit(Target target, Permission permission) {
		return done(count(target, connection -> connection.addRole(permission.role())));
	}

	@Override
	public CompletionStage<Delivery> forbid(Target target, Permission permission) {
		return done(count(target, connection -> connection.removeRole(permission.role())));
	}

	@Override
	public CompletionStage<Boolean> isPermitted(Target.Connection connection, Permission permission) {
		return done(receivers.of(connection).anyMatch(found -> permission.isGivenBy(found.roles())));
	}

	@Override
	public CompletionStage<Renewal.Result> renew(Target.Connection target, Renewal renewal) {
		WebSocketConnection connection = receivers.one(target);
		if (connection == null || !connection.isOpen()) {
			return done(Renewal.Result.NOT_FOUND);
		}
		Principal principal = connection.getPrincipal();
		if (principal == null || !principal.getName().equals(renewal.subject())) {
			return done(Renewal.Result.OTHER_SUBJECT);
		}
		connection.renew(new Ticket(renewal.tokenId(), renewal.endsAt()));
		return done(connection.isOpen() ? Renewal.Result.RENEWED : Renewal.Result.NOT_FOUND);
	}

	@Override
	public CompletionStage<Long> revoke(Target target) {
		return done(revoke(receivers.of(target)));
	}

	@Override
	public CompletionStage<Long> revokeToken(String tokenId) {
		return done(revoke(receivers.all().filter(connection -> tokenId.equals(connection.tokenId()))));
	}

	/** Closes the connections with 4403 and returns how many this call closes. */
	static long revoke(Stream<WebSocketConnection> connections) {
		return connections.filter(connection -> connection.startClosing(CloseReasons.REVOKED).accepted()).count();
	}

	@Override
	public CompletionStage<Boolean> exists(Target target) {
		return done(receivers.of(target).findAny().isPresent());
	}

	@Override
	public CompletionStage<Long> count(Target target) {
		return done(receivers.of(target).count());
	}

	@Override
	public CompletionStage<Optional<ConnectionSnapshot>> find(Target.Connection connection) {
		return done(Optional.ofNullable(receivers.one(connection)).map(WebSocketConnection::snapshot));
	}

	@Override
	public CompletionStage<ConnectionPage> list(Target target, @Nullable String after, int size) {
		requirePageSize(size);
		long begin = after == null ? 0 : fdIn(after);
		List<WebSocketConnection> found = receivers.of(target).filter(connection -> connection.fd() > begin)
				.sorted(Comparator.comparingLong(WebSocketConnection::fd)).limit(size + 1L).toList();
		boolean last = found.size() <= size;
		List<ConnectionSnapshot> page = found.stream().limit(size).map(WebSocketConnection::snapshot).toList();
		return done(new ConnectionPage(page, last ? null : Long.toString(page.getLast().fd())));
	}

	/** @throws IllegalArgumentException for a number of connections that no page has */
	static void requirePageSize(int size) {
		if (size < 1 || size > MAX_PAGE) {
			throw new IllegalArgumentException("A page has 1 to " + MAX_PAGE + " connections, not " + size + ".");
		}
	}

	private static long fdIn(String after) {
		if (!PLACE.matcher(after).matches()) { // Long.parseLong alone takes a sign, and the digits of every script
			throw new IllegalArgumentException(NO_PAGE);
		}
		return Long.parseLong(after);
	}

	/** @throws IllegalArgumentException for a target with a filter that cannot be read */
	void requireReadable(Target target) {
		Stream<WebSocketConnection> _ = receivers.of(target);
	}

	private Delivery each(Target target, Function<WebSocketConnection, SendResult> push) {
		return count(target, connection -> {
			SendResult result = push.apply(connection);
			connection.hub().observer().pushed(connection, result);
			return result.accepted();
		});
	}

	private Delivery count(Target target, Predicate<WebSocketConnection> action) {
		long[] counts = new long[2];
		receivers.of(target).forEach(connection -> {
			counts[action.test(connection) ? 0 : 1]++;
			turns.after(counts[0] + counts[1]);
		});
		return Delivery.of(counts[0], counts[1]);
	}

	private static <T> CompletionStage<T> done(T result) {
		return CompletableFuture.completedStage(result);
	}
}
