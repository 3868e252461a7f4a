package dev.hawser.connection;

import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import java.lang.reflect.Field;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.socket.WebSocketHandler;

/** Connections without a server. */
public final class TestConnections {
	static final int OUTBOX = 1000;
	public static final ConnectionSettings.Compression UNCOMPRESSED = new ConnectionSettings.Compression(false, DataSize.ofKilobytes(1),
			DataSize.ofMegabytes(1), false, false);

	private TestConnections() {
	}

	public static final LimitSettings UNLIMITED = new LimitSettings(0, 0, 0, 0, 0, 0, DataSize.ofBytes(0),
			LimitSettings.OverRatePolicy.DELAY, 1000);

	static ConnectionSettings settings(SlowConsumerPolicy policy, Duration closeTimeout) {
		return new ConnectionSettings(DataSize.ofMegabytes(1), DataSize.ofBytes(OUTBOX), policy, Duration.ZERO,
				Duration.ofSeconds(20), Duration.ZERO, closeTimeout,
				ConnectionSettings.CallbackThreads.ADAPTIVE, UNCOMPRESSED, UNLIMITED);
	}

	public static Connections connections(Executor threads) {
		return new Connections("test", threads);
	}

	public static Hub hub() {
		return hub(ConnectionObserver.NONE);
	}

	public static Hub hub(ConnectionObserver observer) {
		return new Hub(Hub.DEFAULT, settings(SlowConsumerPolicy.CLOSE, Duration.ofSeconds(60)), List.of(observer));
	}

	/** Makes a connection that is not open yet. */
	static LiveConnection create(Connections connections, ScriptedTransport transport, WebSocketHandler handler,
			@Nullable String user) {
		return create(hub(), connections, transport, handler, user);
	}

	static LiveConnection create(Hub hub, Connections connections, ScriptedTransport transport, WebSocketHandler handler,
			@Nullable String user) {
		Principal principal = user == null ? null : () -> user;
		return (LiveConnection) connections.create(new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), principal, Ticket.NONE, null, null, new HashMap<>()), transport,
				handler);
	}

	/** Opens a connection of the hub without a user. */
	public static WebSocketConnection open(Hub hub, Connections connections, ScriptedTransport transport) {
		LiveConnection connection = create(hub, connections, transport, new RecordingHandler(), null);
		connection.open();
		return connection;
	}

	/** One of the connection's parts, which are private. */
	static <T> T part(LiveConnection connection, Class<T> type) {
		try {
			for (Class<?> owner : List.of(LiveConnection.class, SpringSession.class)) {
				for (Field field : owner.getDeclaredFields()) {
					if (field.getType() == type) {
						field.setAccessible(true);
						return type.cast(field.get(connection));
					}
				}
			}
			throw new AssertionError("A connection has no " + type.getSimpleName());
		}
		catch (IllegalAccessException e) {
			throw new AssertionError(e);
		}
	}

	static LiveConnection open(Connections connections, @Nullable String user) {
		LiveConnection connection = create(connections, new ScriptedTransport(), new RecordingHandler(), user);
		connection.open();
		return connection;
	}
}
