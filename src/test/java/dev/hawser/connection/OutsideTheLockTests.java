package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.socket.CloseStatus;

/**
 * The application, observers, threads and the reading of the socket are called without the connection's lock, in every way in which a
 * connection can end.
 */
class OutsideTheLockTests {
	private final HeldThreads held = new HeldThreads();
	private final List<String> calls = new ArrayList<>();
	private final List<String> underTheLock = new ArrayList<>();
	private final Executor threads = task -> {
		note("thread");
		held.execute(task);
	};
	private final Connections connections = TestConnections.connections(threads);
	private final ScriptedTransport transport = new ScriptedTransport().onResume(() -> note("resume"));
	private final RecordingHandler handler = new RecordingHandler().onOpen((_, _) -> note("open"))
			.onMessage((connection, text) -> {
				note("message");
				connection.send(text);
				if (text.equals("throw")) {
					throw new IllegalStateException("expected by this test");
				}
			}).onClose((_, _) -> note("close"));
	private final Hub hub = TestConnections.hub(new ConnectionObserver() {
		@Override
		public void opened(WebSocketConnection connection) {
			note("opened");
		}

		@Override
		public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
			note("closed");
		}

		@Override
		public void received(WebSocketConnection connection, Opcode opcode, int payload) {
			note("received");
		}

		@Override
		public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
			note("sent " + opcode);
		}

		@Override
		public void refused(WebSocketConnection connection, SendResult result) {
			note("refused");
		}

		@Override
		public void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
			note("called " + kind);
		}
	});
	private @Nullable ConnectionLock lock;

	@AfterEach
	void close() {
		connections.close();
	}

	private void note(String what) {
		calls.add(what);
		if (lock != null && lock.isHeldByCurrentThread()) {
			underTheLock.add(what);
		}
	}

	private static ByteBuffer wire(RawFrame frame) {
		return ByteBuffer.wrap(frame.bytes());
	}

	enum Ending {
		CLOSED_BY_PEER,
		LEFT_BY_PEER,
		BROKEN_RULE,
		THROWING_CALLBACK,
		CLOSED_BY_US,
		HUNG_UP,
		RESET,
		SLOW_CONSUMER,
		BROKEN_SOCKET,
		BROKEN_SOCKET_UNDER_A_FRAME,
		IDLE,
		NO_PONG,
		CLOSE_OVERDUE;

		void apply(LiveConnection connection, ScriptedTransport transport) {
			switch (this) {
				case CLOSED_BY_PEER -> connection.received(wire(RawFrame.close(1000, "")));
				case LEFT_BY_PEER -> connection.ended(null);
				case BROKEN_RULE -> connection.received(wire(RawFrame.opcode(3)));
				case THROWING_CALLBACK -> connection.received(wire(RawFrame.text("throw")));
				case CLOSED_BY_US -> {
					connection.close(CloseStatus.NORMAL);
					connection.received(wire(RawFrame.close(1000, "")));
				}
				case HUNG_UP -> connection.hangUp();
				case RESET -> connection.reset();
				case SLOW_CONSUMER -> {
					transport.takes(0);
					while (connection.send(OutgoingFrame.text("x".repeat(96))).accepted()) {
						// until the outbox is full
					}
				}
				case BROKEN_SOCKET -> connection.send(broken(transport));
				case BROKEN_SOCKET_UNDER_A_FRAME -> connection.send(OutgoingFrame.text(broken(transport)));
				case IDLE -> {
					connection.due(Deadlines.Verdict.IDLE);
					connection.received(wire(RawFrame.close(1001, "")));
				}
				case NO_PONG -> connection.due(Deadlines.Verdict.NO_PONG);
				case CLOSE_OVERDUE -> {
					connection.close(CloseStatus.NORMAL);
					connection.due(Deadlines.Verdict.CLOSE_OVERDUE);
				}
			}
		}

		private static String broken(ScriptedTransport transport) {
			transport.breaks();
			return "lost";
		}
	}

	private void ends(Ending ending) {
		LiveConnection connection = TestConnections.create(hub, connections, transport, handler, "alice");
		lock = TestConnections.part(connection, ConnectionLock.class);
		connection.open();
		held.run();
		connection.received(wire(RawFrame.text("hello")));
		held.run();
		ending.apply(connection, transport);
		held.run();
		assertThat(handler.events).last().asString().startsWith("close ");
		assertThat(calls).contains("opened", "open", "message", "called MESSAGE", "sent TEXT", "close", "called CLOSE", "closed");
		assertThat(connections.size()).isZero();
		assertThat(connections.ofUser("alice")).isEmpty();
		assertThat(underTheLock).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void callsNothingUnderTheLockWhenCallbacksMayBlock(Ending ending) {
		ends(ending);
	}

	@ParameterizedTest
	@EnumSource
	void callsNothingUnderTheLockWhenNoCallbackBlocks(Ending ending) {
		handler.traits(new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false));
		ends(ending);
	}

	@ParameterizedTest
	@CsvSource({ "opened", "received", "sent", "called", "closed" })
	void endsInOrderWhateverAnObserverThrows(String method) {
		for (boolean blocking : new boolean[] { true, false }) {
			RecordingHandler other = new RecordingHandler().traits(new HandlerTraits(Set.of(),
					blocking ? Set.of() : EnumSet.allOf(CallbackKind.class), false));
			LiveConnection connection = TestConnections.create(TestConnections.hub(new Throwing(method)), connections,
					new ScriptedTransport(), other, "alice");
			connection.open();
			held.run();
			connection.received(wire(RawFrame.text("hello")));
			held.run();
			connection.close(CloseStatus.NORMAL);
			connection.ended(null);
			held.run();
			assertThat(other.events).as("%s, blocking %s", method, blocking).first().isEqualTo("open");
			assertThat(other.events).as("%s, blocking %s", method, blocking).last().asString().startsWith("close ");
			assertThat(connections.size()).as("%s, blocking %s", method, blocking).isZero();
		}
	}

	/** Breaks the contract of observers in one of its methods. */
	private record Throwing(String method) implements ConnectionObserver {
		private void in(String called) {
			if (called.equals(method)) {
				throw new IllegalStateException("expected by this test");
			}
		}

		@Override
		public void opened(WebSocketConnection connection) {
			in("opened");
		}

		@Override
		public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
			in("closed");
		}

		@Override
		public void received(WebSocketConnection connection, Opcode opcode, int payload) {
			in("received");
		}

		@Override
		public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
			in("sent");
		}

		@Override
		public void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
			in("called");
		}
	}
}
