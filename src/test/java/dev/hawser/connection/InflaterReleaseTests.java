package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

/** When a connection ends, the window that its client's messages share is freed: soon, once, and not while it is read. */
class InflaterReleaseTests {
	/** The compressed "Hello" of RFC 7692 section 7.2.3.1. */
	private static final RawFrame HELLO = RawFrame.opcode(1).rsv(4).payload(HexFormat.of().parseHex("f248cdc9c90700"));

	/** "Hello" a second time (section 7.2.3.2): it refers to the window, and cannot be inflated without it. */
	private static final RawFrame AGAIN = RawFrame.opcode(1).rsv(4).payload(HexFormat.of().parseHex("f200110000"));

	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingHandler handler = new RecordingHandler();
	private final Executor threads = Runnable::run;
	private final Connections connections = TestConnections.connections(threads);

	enum Ending {
		RESET, HANG_UP, SOCKET_GONE, FAILED;

		void apply(LiveConnection connection) {
			switch (this) {
				case RESET -> connection.reset();
				case HANG_UP -> connection.hangUp();
				case SOCKET_GONE -> connection.ended(null);
				case FAILED -> TestConnections.part(connection, Closing.class).fail(CloseStatus.SERVER_ERROR);
			}
		}
	}

	@AfterEach
	void close() {
		connections.close();
		assertThat(transport.misuse).isNull();
	}

	private LiveConnection opened() {
		LiveConnection connection = (LiveConnection) connections.create(
				new OpeningHandshake(TestConnections.hub(), connections.nextFd(), StoredRequest.of("ws://localhost/ws", new HttpHeaders()),
						null, Ticket.NONE, null, new PerMessageDeflate(false, true), new HashMap<>()),
				transport, handler);
		connection.open();
		return connection;
	}

	private static ByteBuffer wire(RawFrame... frames) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			out.writeBytes(frame.bytes());
		}
		return ByteBuffer.wrap(out.toByteArray());
	}

	/** A reader whose inflater is freed cannot read, so the connection must throw away later bytes without the reader. */
	private static void assertReadsNoMore(LiveConnection connection) {
		long before = connection.traffic().messagesIn();
		ByteBuffer late = wire(HELLO);
		assertThat(TestConnections.part(connection, Inbound.class).received(late)).as("no events").isTrue();
		assertThat(late.hasRemaining()).isFalse();
		assertThat(connection.traffic().messagesIn()).isEqualTo(before);
	}

	@ParameterizedTest
	@EnumSource
	void freesTheWindowWhenTheConnectionEnds(Ending ending) {
		LiveConnection connection = opened();
		connection.received(wire(HELLO, AGAIN));
		assertThat(handler.events).containsExactly("open", "Hello", "Hello");
		ending.apply(connection);
		assertReadsNoMore(connection);
	}

	@ParameterizedTest
	@EnumSource
	void freesItWhenTheReadIsOverThatACallbackRunsIn(Ending ending) {
		handler.traits(new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false))
				.onMessage((connection, _) -> ending.apply(connection));
		LiveConnection connection = opened();
		connection.received(wire(HELLO, AGAIN, AGAIN));
		assertThat(handler.events).first().isEqualTo("open");
		assertThat(handler.events.stream().filter("Hello"::equals)).hasSize(1);
		assertThat(connection.traffic().messagesIn()).as("the rest of the batch was inflated safely").isEqualTo(3);
		assertReadsNoMore(connection);
	}

	@Test
	void keepsItUntilTheClientHasAnsweredTheClose() {
		LiveConnection connection = opened();
		connection.received(wire(HELLO));
		connection.close(CloseStatus.NORMAL);
		connection.received(wire(AGAIN, RawFrame.close(1000, "")));
		assertThat(connection.isClosed()).isTrue();
		assertThat(connection.traffic().messagesIn()).isEqualTo(2);
		assertReadsNoMore(connection);
	}
}
