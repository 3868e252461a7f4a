package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hawser.api.BroadcastResult;
import dev.hawser.api.DataType;
import dev.hawser.api.Frame;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.push.LocalWebSocketServer;
import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

class SubprotocolTests {
	private final AtomicInteger wrapped = new AtomicInteger();
	private final List<Subprotocol.Envelope> envelopes = new ArrayList<>();
	private final List<String> ended = new ArrayList<>();
	private boolean numbering;
	private final HeldThreads threads = new HeldThreads();
	private final Connections connections = TestConnections.connections(threads);
	private final WebSocketServer server = new LocalWebSocketServer(connections, _ -> {
	});
	private final Hub hub = new Hub(Hub.DEFAULT, TestConnections.settings(SlowConsumerPolicy.CLOSE, Duration.ofSeconds(60)), List.of(),
			List.of(new Shouting()), MemoryBudget.unlimited());
	private final RecordingHandler handler = new RecordingHandler();
	private final ScriptedTransport transport = new ScriptedTransport();
	private final ScriptedTransport rawTransport = new ScriptedTransport();

	@AfterEach
	void close() {
		connections.close();
	}

	/**
	 * Answers "ping" by itself, reads events, adds an exclamation mark to each message that it sends, numbers messages when the test
	 * asks for it, and says hello and good bye.
	 */
	private final class Shouting implements Subprotocol {
		@Override
		public String name() {
			return "shouting";
		}

		@Override
		public void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
			if (message instanceof TextMessage text && text.getPayload().equals("ping")) {
				connection.send(OutgoingFrame.text("pong"));
			}
			else if (message instanceof TextMessage text && text.getPayload().startsWith("event ")) {
				boolean taken = application.event(Frame.text(text.getPayload()).asReceived(connection.fd(), "shout", null));
				connection.send(OutgoingFrame.text(taken ? "taken" : "failed"));
			}
			else {
				application.message(message);
			}
		}

		@Override
		public void opened(WebSocketConnection connection) {
			assertThat(connections.find(connection.fd())).isNull();
			connection.keep(new AtomicInteger());
			connection.send(OutgoingFrame.text("WELCOME"));
		}

		@Override
		public SendResult send(WebSocketConnection connection, OutgoingFrame wrapped) {
			int number = ((AtomicInteger) Objects.requireNonNull(connection.kept())).incrementAndGet();
			return connection
					.send(numbering ? OutgoingFrame.text(number + new String(wrapped.payload(), StandardCharsets.UTF_8)) : wrapped);
		}

		@Override
		public @Nullable OutgoingFrame farewell(WebSocketConnection connection, CloseStatus status) {
			return OutgoingFrame.text("GOOD BYE " + status.getCode());
		}

		@Override
		public void closed(WebSocketConnection connection, CloseStatus status) {
			ended.add(connection.fd() + ":" + status.getCode());
		}

		@Override
		public OutgoingFrame wrap(OutgoingFrame message, Envelope envelope) {
			wrapped.incrementAndGet();
			envelopes.add(envelope);
			return OutgoingFrame.text(new String(message.payload(), StandardCharsets.UTF_8) + "!");
		}
	}

	private LiveConnection open(@Nullable String agreed, ScriptedTransport socket) {
		LiveConnection connection = (LiveConnection) connections.create(new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, agreed, null, new HashMap<>()), socket,
				handler);
		connection.open();
		threads.run();
		return connection;
	}

	@Test
	void isTheOneThatWasAgreedOnOrRaw() {
		assertThat(open("shouting", transport).subprotocol().name()).isEqualTo("shouting");
		assertThat(open(null, rawTransport).subprotocol()).isSameAs(Subprotocol.RAW);
		LiveConnection other = open("unknown", new ScriptedTransport());
		assertThat(other.subprotocol()).isSameAs(Subprotocol.RAW);
		assertThat(other.getAcceptedProtocol()).isEqualTo("unknown");
	}

	@Test
	void saysWhatAFrameOfItsClientMeans() {
		LiveConnection connection = open("shouting", transport);
		connection.received(ByteBuffer.wrap(RawFrame.text("ping").bytes()));
		connection.received(ByteBuffer.wrap(RawFrame.text("hello").bytes()));
		threads.run();
		assertThat(handler.events).containsExactly("open", "hello");
		assertThat(transport.texts()).as("a frame of its own is sent as it is").containsExactly("WELCOME", "pong");
	}

	@Test
	void wrapsWholeMessagesOnly() {
		long fd = open("shouting", transport).fd();
		server.push(fd, "text");
		server.push(fd, "binary".getBytes(StandardCharsets.UTF_8));
		server.push(fd, Frame.text(fd, "frame"));
		server.push(fd, Frame.text(fd, "in time"), Duration.ofHours(1));
		server.ping(fd, new byte[] { 'p' });
		server.push(fd, new byte[] { 'a' }, Opcode.TEXT, false);
		server.push(fd, new byte[] { 'b' }, Opcode.CONTINUATION, true);
		assertThat(transport.texts()).containsExactly("WELCOME", "text!", "binary!", "frame!", "in time!", "p", "a", "b");
	}

	@Test
	void wrapsABroadcastOnce() {
		for (int i = 0; i < 10; i++) {
			open("shouting", transport);
			open(null, rawTransport);
		}
		assertThat(server.broadcast(Frame.text(0, "all"))).isEqualTo(new BroadcastResult(20, 0));
		assertThat(wrapped.get()).isEqualTo(1);
		assertThat(transport.texts()).filteredOn("all!"::equals).hasSize(10);
		assertThat(rawTransport.texts()).hasSize(10).containsOnly("all");
	}

	@Test
	void givesTheApplicationEventsAndHearsWhetherTheyAreTaken() {
		LiveConnection connection = open("shouting", transport);
		connection.received(ByteBuffer.wrap(RawFrame.text("event one").bytes()));
		threads.run();
		handler.onMessage((_, _) -> {
			throw new IllegalStateException("on purpose");
		});
		connection.received(ByteBuffer.wrap(RawFrame.text("event two").bytes()));
		threads.run();
		assertThat(handler.events).containsExactly("open", "event one", "event two");
		assertThat(transport.texts()).containsExactly("WELCOME", "taken", "failed");
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void numbersTheMessagesOfEachConnectionAfterWrappingThemOnce() {
		numbering = true;
		ScriptedTransport second = new ScriptedTransport();
		long fd = open("shouting", transport).fd();
		open("shouting", second);
		server.push(fd, "a");
		server.broadcast(Frame.text(0, "b"));
		assertThat(transport.texts()).containsExactly("WELCOME", "1a!", "2b!");
		assertThat(second.texts()).containsExactly("WELCOME", "1b!");
	}

	@Test
	void tellsWhatIsKnownOfAMessage() {
		long fd = open("shouting", transport).fd();
		server.push(fd, "text");
		server.push(fd, new byte[1]);
		server.push(fd, Frame.json("[1]").withMetadata(Map.of("a", "b")));
		server.push(fd, Frame.text("x").from("ann"), Duration.ofHours(1));
		server.push(fd, "t".getBytes(StandardCharsets.UTF_8), Opcode.TEXT, true);
		assertThat(envelopes).containsExactly(new Subprotocol.Envelope(DataType.TEXT, Map.of(), null, null),
				new Subprotocol.Envelope(DataType.BINARY, Map.of(), null, null),
				new Subprotocol.Envelope(DataType.JSON, Map.of("a", "b"), null, null),
				new Subprotocol.Envelope(DataType.TEXT, Map.of(), null, "ann"),
				new Subprotocol.Envelope(DataType.TEXT, Map.of(), null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> server.push(fd, Frame.json("[1"))).withMessageContaining("no JSON");
		assertThatIllegalArgumentException().isThrownBy(() -> server.broadcast(Frame.json("1 2"))).withMessageContaining("one value");
	}

	@Test
	void saysGoodByeBeforeTheServersCloseFrameOnly() {
		LiveConnection first = open("shouting", transport);
		server.disconnect(first.fd(), 4000, "out");
		assertThat(transport.texts()).startsWith("WELCOME", "GOOD BYE 4000");
		first.received(ByteBuffer.wrap(RawFrame.close(4000, "out").bytes()));
		threads.run();
		assertThat(ended).containsExactly(first.fd() + ":4000");
		LiveConnection second = open("shouting", rawTransport);
		second.received(ByteBuffer.wrap(RawFrame.close(1000, "").bytes()));
		threads.run();
		assertThat(rawTransport.texts()).filteredOn(text -> text.startsWith("GOOD")).isEmpty();
		assertThat(ended).hasSize(2);
	}

	@Test
	void saysNoGoodByeWithinAFragmentedMessage() {
		LiveConnection connection = open("shouting", transport);
		server.push(connection.fd(), new byte[] { 'a' }, Opcode.TEXT, false);
		connection.close(CloseStatus.NORMAL);
		assertThat(transport.texts()).filteredOn(text -> text.startsWith("GOOD")).isEmpty();
	}
}
