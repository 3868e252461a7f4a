package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.connection.Subprotocol;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** A subprotocol of an application's own: one class, declared as a bean. */
class AnotherSubprotocolTests {
	private static RunningHawser server;

	/** Lines of words: JOIN group, SEND group text, CALL event text. */
	private record Lines(Clients clients) implements Subprotocol {
		@Override
		public String name() {
			return "lines";
		}

		@Override
		public void opened(WebSocketConnection connection) {
			connection.send(OutgoingFrame.text("HELLO " + connection.getId()));
		}

		@Override
		public void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
			String[] words = message instanceof TextMessage text ? text.getPayload().split(" ", 3) : new String[1];
			switch (words[0]) {
				case "JOIN" -> clients.join(Target.connection(connection.getId()), words[1]);
				case "SEND" ->
					clients.send(Target.group(connection.hub().name(), words[1]), Frame.text(words[2]).from(connection.userId()));
				case "CALL" -> {
					boolean taken = application.event(Frame.text(words[2]).asReceived(connection.fd(), words[1], null));
					connection.send(OutgoingFrame.text(taken ? "DONE" : "FAILED"));
				}
				case null, default -> connection.close(new CloseStatus(1007, "no such word"));
			}
		}

		@Override
		public OutgoingFrame wrap(OutgoingFrame message, Envelope envelope) {
			String text = new String(message.payload(), StandardCharsets.UTF_8);
			return message.with(message.opcode(), ("FROM " + envelope.group() + " " + envelope.sender() + " " + text)
					.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public OutgoingFrame farewell(WebSocketConnection connection, CloseStatus status) {
			return OutgoingFrame.text("BYE " + status.getReason());
		}
	}

	static class WithLines extends GroupCallbacks {
		@Bean
		Subprotocol lines(@Lazy Clients clients) {
			return new Lines(clients);
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(WithLines.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void greetsReadsWrapsAndSaysGoodBye() throws Exception {
		try (RawClient lines = RawClient.connect(server.port()).upgrade("/client/hubs/default?user=ann", "Sec-WebSocket-Protocol: lines");
				JsonPeer bob = JsonPeer.connect(server, "bob", "webpubsub.joinLeaveGroup", "webpubsub.sendToGroup")) {
			assertThat(lines.message().text()).startsWith("HELLO test-");
			assertThat(bob.send("{'type':'joinGroup','group':'g','ackId':1}").text()).contains("true");
			lines.send(RawFrame.text("JOIN g"), RawFrame.text("SEND g hello you"));
			assertThat(lines.message().text()).isEqualTo("FROM g ann hello you");
			assertThat(bob.text()).contains("'fromUserId':'ann','dataType':'text','data':'hello you'");
			bob.send("{'type':'sendToGroup','group':'g','dataType':'text','data':'hi'}");
			assertThat(lines.message().text()).isEqualTo("FROM g bob hi");
			lines.send(RawFrame.text("CALL text x"));
			assertThat(lines.message().text()).isEqualTo("FROM null null a \"text\"\n");
			assertThat(lines.message().text()).isEqualTo("DONE");
			assertThat(lines.send(RawFrame.text("CALL throw x")).message().text()).isEqualTo("FAILED");
			assertThat(lines.send(RawFrame.text("nonsense")).message().text()).isEqualTo("BYE no such word");
			assertThat(lines.message().closeCode()).isEqualTo(1007);
		}
	}
}
