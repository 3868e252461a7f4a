package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.BroadcastResult;
import dev.hawser.api.Frame;
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
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

class SubprotocolTests {
	private final AtomicInteger wrapped = new AtomicInteger();
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

	/** Answers "ping" by itself, and adds an exclamation mark to each message that it sends. */
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
			else {
				application.message(message);
			}
		}

		@Override
		public OutgoingFrame wrap(OutgoingFrame message) {
			wrapped.incrementAndGet();
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
		assertThat(transport.texts()).as("a frame of its own is sent as it is").containsExactly("pong");
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
		assertThat(transport.texts()).containsExactly("text!", "binary!", "frame!", "in time!", "p", "a", "b");
	}

	@Test
	void wrapsABroadcastOnce() {
		for (int i = 0; i < 10; i++) {
			open("shouting", transport);
			open(null, rawTransport);
		}
		assertThat(server.broadcast(Frame.text(0, "all"))).isEqualTo(new BroadcastResult(20, 0));
		assertThat(wrapped.get()).isEqualTo(1);
		assertThat(transport.texts()).hasSize(10).containsOnly("all!");
		assertThat(rawTransport.texts()).hasSize(10).containsOnly("all");
	}
}
