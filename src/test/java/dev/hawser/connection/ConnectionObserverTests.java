package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

class ConnectionObserverTests {
	private final List<String> log = new ArrayList<>();
	private final Connections connections = TestConnections.connections(Runnable::run);

	@AfterEach
	void close() {
		connections.close();
	}

	/** Records each call with its connection. */
	private final class Recording implements ConnectionObserver {
		private final String name;

		Recording(String name) {
			this.name = name;
		}

		private void note(WebSocketConnection connection, String what) {
			log.add(name + " " + connection.fd() + " " + what);
		}

		@Override
		public @Nullable CallbackContext context() {
			return kind -> {
				log.add(name + " in " + kind);
				return new CallbackContext.Scope() {
					@Override
					public void failed(Throwable cause) {
						log.add(name + " failed");
					}

					@Override
					public void close() {
						log.add(name + " out");
					}
				};
			};
		}

		@Override
		public void opened(WebSocketConnection connection) {
			note(connection, "opened");
		}

		@Override
		public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
			note(connection, "closed " + status.getCode() + " " + initiator);
		}

		@Override
		public void received(WebSocketConnection connection, Opcode opcode, int payload) {
			note(connection, "received " + opcode + " " + payload);
		}

		@Override
		public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
			note(connection, "sent " + opcode + " " + payload);
		}

		@Override
		public void refused(WebSocketConnection connection, SendResult result) {
			note(connection, "refused");
		}

		@Override
		public void pushed(WebSocketConnection connection, SendResult result) {
			note(connection, "pushed");
		}

		@Override
		public void overRate(WebSocketConnection connection) {
			note(connection, "over rate");
		}

		@Override
		public void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
			note(connection, "called " + kind);
		}
	}

	@Test
	void tellsAllObserversOfAHubInTheirOrderAndWhichConnectionItIs() {
		Hub hub = new Hub(Hub.DEFAULT, TestConnections.settings(SlowConsumerPolicy.DROP, Duration.ofSeconds(60)),
				List.of(new Recording("a"), new Recording("b")));
		LiveConnection connection = TestConnections.create(hub, connections, new ScriptedTransport(), new RecordingHandler(), null);
		connection.open();
		connection.received(ByteBuffer.wrap(RawFrame.text("hello").bytes()));
		connection.send(OutgoingFrame.text("x".repeat(2_000_000)));
		hub.observer().pushed(connection, SendResult.SENT);
		hub.observer().overRate(connection);
		connection.hangUp();
		assertThat(log).containsExactly("a 1 opened", "b 1 opened",
				"a in OPEN", "b in OPEN", "a 1 called OPEN", "b 1 called OPEN", "b out", "a out",
				"a 1 received TEXT 5", "b 1 received TEXT 5",
				"a in MESSAGE", "b in MESSAGE", "a 1 called MESSAGE", "b 1 called MESSAGE", "b out", "a out",
				"a 1 refused", "b 1 refused", "a 1 pushed", "b 1 pushed", "a 1 over rate", "b 1 over rate",
				"a in CLOSE", "b in CLOSE", "a 1 called CLOSE", "b 1 called CLOSE", "b out", "a out",
				"a 1 closed 1006 SERVER", "b 1 closed 1006 SERVER");
	}

	@Test
	void tellsAllScopesThatACallbackFailed() {
		Hub hub = new Hub(Hub.DEFAULT, TestConnections.settings(SlowConsumerPolicy.DROP, Duration.ofSeconds(60)),
				List.of(new Recording("a"), new Recording("b")));
		RecordingHandler handler = new RecordingHandler().onOpen((_, _) -> {
			throw new IllegalStateException("expected by this test");
		});
		TestConnections.create(hub, connections, new ScriptedTransport(), handler, null).open();
		assertThat(log).contains("a failed", "b failed").contains("a 1 sent CLOSE 0", "b 1 sent CLOSE 0");
	}

	@Test
	void isItselfWhereItIsTheOnlyOne() {
		Recording only = new Recording("a");
		assertThat(ConnectionObserver.of(List.of(only))).isSameAs(only);
		assertThat(ConnectionObserver.of(List.of())).isSameAs(ConnectionObserver.NONE);
		assertThat(ConnectionObserver.of(List.of(ConnectionObserver.NONE, ConnectionObserver.NONE)).context()).isNull();
	}
}
