package com.example;

import dev.hawser.api.Frame;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import org.springframework.stereotype.Component;

/** Tells all what one says. */
@Component
class Chat implements OnMessage {

	@Override
	public void onMessage(WebSocketServer server, Frame frame) {
		server.broadcast(frame);
	}
}
