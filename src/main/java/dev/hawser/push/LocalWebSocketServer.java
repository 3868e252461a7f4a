package dev.hawser.push;

import dev.hawser.api.BindResult;
import dev.hawser.api.BroadcastResult;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.JoinResult;
import dev.hawser.api.LeaveResult;
import dev.hawser.api.Names;
import dev.hawser.api.SendResult;
import dev.hawser.api.ServerStats;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Subprotocol;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.web.socket.CloseStatus;

/** The {@link WebSocketServer} of this node. */
public final class LocalWebSocketServer implements WebSocketServer {
	private final Connections connections;
	private final Consumer<SendResult> unknownConnections;
	private final Turns turns;
	private final Instant startTime = Instant.now();

	/**
	 * @param unknownConnections told of pushes to connections that do not exist; the observers of a hub are told of all other
	 *     pushes
	 */
	public LocalWebSocketServer(Connections connections, Consumer<SendResult> unknownConnections) {
		this(connections, unknownConnections, Turns.ofVirtualThreads());
	}

	LocalWebSocketServer(Connections connections, Consumer<SendResult> unknownConnections, Turns turns) {
		this.connections = connections;
		this.turns = turns;
		this.unknownConnections = unknownConnections;
	}

	@Override
	public SendResult push(long fd, String text) {
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? notFound() : counted(connection, connection.send(text));
	}

	@Override
	public SendResult push(long fd, byte[] data) {
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? notFound() : counted(connection, connection.send(data));
	}

	@Override
	public SendResult push(long fd, Frame frame) {
		if (!frame.isPlain()) {
			return push(fd, WholeMessage.frame(frame), Subprotocol.Envelope.of(frame));
		}
		if (frame.isFromString()) {
			return push(fd, frame.text());
		}
		return push(fd, frame.data(), frame.opcode(), frame.finish());
	}

	@Override
	public SendResult push(long fd, byte[] data, Opcode opcode, boolean finish) {
		if (opcode == Opcode.BINARY && finish) {
			return push(fd, data);
		}
		OutgoingFrame frame = WholeMessage.checked(data, opcode, finish);
		if (opcode == Opcode.CLOSE) {
			return disconnect(fd, Frame.of(fd, data, opcode, finish).closeStatus());
		}
		if (opcode == Opcode.TEXT && finish) {
			return push(fd, frame, Subprotocol.Envelope.of(Frame.of(fd, data, opcode, finish)));
		}
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? notFound() : counted(connection, connection.send(frame)); // a control frame or fragment
	}

	@Override
	public SendResult push(long fd, Frame message, Duration within) {
		long end = WholeMessage.end(within);
		return push(fd, WholeMessage.frame(message).until(end), Subprotocol.Envelope.of(message));
	}

	private SendResult push(long fd, OutgoingFrame message, Subprotocol.Envelope envelope) {
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? notFound() : counted(connection, connection.push(message, envelope));
	}

	private static SendResult counted(WebSocketConnection connection, SendResult result) {
		connection.hub().observer().pushed(connection, result);
		return result;
	}

	private SendResult notFound() {
		unknownConnections.accept(SendResult.NOT_FOUND);
		return SendResult.NOT_FOUND;
	}

	@Override
	public BroadcastResult broadcast(Frame message) {
		return broadcast(message, connections.all());
	}

	@Override
	public BroadcastResult broadcast(Frame message, LongStream fds) {
		return broadcast(message, fds.mapToObj(connections::find).filter(Objects::nonNull));
	}

	private BroadcastResult broadcast(Frame message, Stream<WebSocketConnection> receivers) {
		WholeMessage whole = WholeMessage.of(message);
		int[] counts = new int[2];
		receivers.forEach(connection -> {
			counts[counted(connection, whole.sendTo(connection)).accepted() ? 0 : 1]++;
			turns.after(counts[0] + counts[1]);
		});
		return new BroadcastResult(counts[0], counts[1]);
	}

	@Override
	public SendResult disconnect(long fd) {
		return disconnect(fd, CloseStatus.NORMAL);
	}

	@Override
	public SendResult disconnect(long fd, int code, String reason) {
		CloseCodes.requireSendable(code, reason); // first, since CloseStatus refuses some codes with messages of its own
		CloseStatus status = new CloseStatus(code, reason.isEmpty() ? null : reason);
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? notFound() : counted(connection, connection.startClosing(status));
	}

	@Override
	public boolean hangUp(long fd) {
		WebSocketConnection connection = connections.find(fd);
		return connection != null && connection.hangUp();
	}

	@Override
	public boolean reset(long fd) {
		WebSocketConnection connection = connections.find(fd);
		return connection != null && connection.reset();
	}

	@Override
	public SendResult ping(long fd) {
		return ping(fd, new byte[0]);
	}

	@Override
	public SendResult ping(long fd, byte[] data) {
		return push(fd, data, Opcode.PING, true);
	}

	@Override
	public boolean exists(long fd) {
		WebSocketConnection connection = connections.find(fd);
		return connection != null && !connection.isClosed();
	}

	@Override
	public boolean isEstablished(long fd) {
		WebSocketConnection connection = connections.find(fd);
		return connection != null && connection.isOpen();
	}

	@Override
	public Optional<ConnectionSnapshot> connectionInfo(long fd) {
		return Optional.ofNullable(connections.find(fd)).map(WebSocketConnection::snapshot);
	}

	@Override
	public Set<String> roles(long fd) {
		WebSocketConnection found = connections.find(fd);
		return found == null ? Set.of() : found.roles();
	}

	@Override
	public LongStream connections() {
		return connections.all().filter(connection -> !connection.isClosed()).mapToLong(WebSocketConnection::fd);
	}

	@Override
	public LongStream connections(String hub) {
		return connections.all().filter(connection -> !connection.isClosed() && connection.hub().name().equals(hub))
				.mapToLong(WebSocketConnection::fd);
	}

	@Override
	public List<Long> connectionList(long afterFd, int pageSize) {
		if (pageSize < 1 || pageSize > MAX_PAGE) {
			throw new IllegalArgumentException("pageSize must be 1 to " + MAX_PAGE + ", but is " + pageSize + ".");
		}
		return connections.page(afterFd, pageSize);
	}

	@Override
	public BindResult bind(long fd, String userId) {
		Names.requireUser(userId);
		return connections.bind(fd, userId);
	}

	@Override
	public int revokeUser(String userId) {
		return Math.toIntExact(LocalClients.revoke(connections.ofUser(userId).stream()));
	}

	@Override
	public int revokeToken(String tokenId) {
		return Math.toIntExact(LocalClients.revoke(connections.all().filter(connection -> tokenId.equals(connection.tokenId()))));
	}

	@Override
	public JoinResult join(long fd, String group) {
		Names.requireGroup(group);
		return connections.join(fd, group);
	}

	@Override
	public LeaveResult leave(long fd, String group) {
		return connections.leave(fd, group);
	}

	@Override
	public Set<String> groups(long fd) {
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? Set.of() : connection.groups();
	}

	@Override
	public LongStream members(String hub, String group) {
		return connections.ofGroup(hub, group).stream().filter(connection -> !connection.isClosed()).mapToLong(WebSocketConnection::fd);
	}

	@Override
	public Map<String, Object> attributes(long fd) {
		WebSocketConnection connection = connections.find(fd);
		return connection == null ? Map.of() : connection.sharedAttributes();
	}

	@Override
	public void defer(Runnable task) {
		if (!WebSocketConnection.defer(task)) {
			Thread.startVirtualThread(task);
		}
	}

	@Override
	public ServerStats stats() {
		Connections.Totals totals = connections.totals();
		return new ServerStats(startTime, connections.size(), totals.opened(), totals.closed(), totals.messagesIn(),
				totals.messagesOut());
	}
}
