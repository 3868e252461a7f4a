package com.example.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.Frame;
import dev.hawser.fixtures.FakeHandshakeRequest;
import dev.hawser.fixtures.FakeHandshakeResponse;
import dev.hawser.fixtures.FakeWebSocketServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** The chat without a server: the fakes record what the callbacks do. */
class ChatTests {
	private final Chat chat = new Chat();
	private final FakeWebSocketServer server = new FakeWebSocketServer();

	@Test
	void asksForAName() {
		FakeHandshakeResponse refused = FakeHandshakeResponse.to();
		chat.onHandShake(FakeHandshakeRequest.to("/ws"), refused);
		assertFalse(refused.isAccepted());
		assertEquals(401, refused.status());
		FakeHandshakeResponse accepted = FakeHandshakeResponse.to();
		chat.onHandShake(FakeHandshakeRequest.to("/ws?name=ann"), accepted);
		assertTrue(accepted.isAccepted());
		assertEquals("ann", accepted.userId());
	}

	@Test
	void tellsAllWhatOneSays() {
		long ann = server.open("default", "ann");
		long bob = server.open("default", "bob");
		chat.onMessage(server, Frame.received(ann, "Hello"));
		assertEquals(List.of("ann: Hello"), server.texts(ann));
		assertEquals(List.of("ann: Hello"), server.texts(bob));
	}

	@Test
	void tellsTheOthersWhoHasLeft() {
		long ann = server.open("default", "ann");
		long bob = server.open("default", "bob");
		chat.onClose(server, ann, CloseStatus.NORMAL, CloseInitiator.CLIENT);
		assertEquals(List.of("ann has left"), server.texts(bob));
	}
}
