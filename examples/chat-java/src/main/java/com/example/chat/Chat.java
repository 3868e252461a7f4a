package com.example.chat;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;

/** A chat: a client that says its name may connect, and all hear what each of them says. */
@Component
public class Chat implements OnHandShake, OnMessage, OnClose {

	@Override
	public void onHandShake(HandshakeRequest request, HandshakeResponse response) {
		String name = request.query("name").orElse("");
		if (name.isEmpty()) {
			response.status(401).end("Say your name: ?name=ann");
		}
		else {
			response.user(name).accept();
		}
	}

	@Override
	public void onMessage(WebSocketServer server, Frame frame) {
		server.broadcast(Frame.text(name(server, frame.fd()) + ": " + frame.text()));
	}

	@Override
	public void onClose(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) {
		server.broadcast(Frame.text(name(server, fd) + " has left"));
	}

	private static String name(WebSocketServer server, long fd) {
		return server.connectionInfo(fd).map(ConnectionSnapshot::userId).orElse("?");
	}
}
