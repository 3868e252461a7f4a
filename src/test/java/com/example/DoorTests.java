package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Frame;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.fixtures.FakeHandshakeRequest;
import dev.hawser.fixtures.FakeHandshakeResponse;
import dev.hawser.fixtures.FakeWebSocketServer;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** An application's own tests, with nothing of Hawser but its API and its fixtures. */
class DoorTests {
	private final FakeWebSocketServer server = new FakeWebSocketServer();

	@Test
	void acceptsAClientThatNamesARoom() throws Exception {
		OnHandShake door = (request, response) -> {
			if (request.query("room").isEmpty()) {
				response.status(404).end("Name a room.");
			}
			else {
				response.header("X-Room", request.query("room").get()).accept();
			}
		};
		FakeHandshakeResponse refused = FakeHandshakeResponse.to();
		FakeHandshakeResponse accepted = FakeHandshakeResponse.to();
		assertThat(refused.isEnded()).isFalse();
		door.onHandShake(FakeHandshakeRequest.to("/ws"), refused);
		door.onHandShake(FakeHandshakeRequest.to("/ws?room=a%20b"), accepted);
		assertThat(refused.isAccepted()).isFalse();
		assertThat(refused.status()).isEqualTo(404);
		assertThat(refused.body()).asString().isEqualTo("Name a room.");
		assertThat(accepted.isAccepted()).isTrue();
		assertThat(accepted.headers().getFirst("X-Room")).isEqualTo("a b");
	}

	@Test
	void greetsByName() throws Exception {
		OnOpen greeting = (pushing, request) -> pushing.push(request.fd(), "Hello " + request.principal().orElseThrow().getName());
		long fd = server.open();
		greeting.onOpen(server, FakeHandshakeRequest.to("/ws").user("ann").fd(fd));
		assertThat(server.texts(fd)).containsExactly("Hello ann");
	}

	@Test
	void tellsAllAndClosesOnGoodbye() throws Exception {
		OnMessage chat = (pushing, frame) -> {
			pushing.broadcast(frame);
			if (frame.text().equals("bye")) {
				pushing.disconnect(frame.fd(), 4000, "bye");
				pushing.defer(() -> pushing.broadcast(Frame.text(0, "one has left")));
			}
		};
		long ann = server.open();
		long bob = server.open("default", "bob");
		chat.onMessage(server, Frame.received(ann, "bye"));
		assertThat(server.texts(bob)).containsExactly("bye");
		assertThat(server.closed(ann)).contains(new CloseStatus(4000, "bye"));
		server.runDeferred();
		assertThat(server.texts(bob)).containsExactly("bye", "one has left");
		assertThat(server.texts(ann)).containsExactly("bye");
		assertThat(server.closed(bob)).isEmpty();
		assertThat(server.connectionInfo(bob).orElseThrow().userId()).isEqualTo("bob");
	}
}
