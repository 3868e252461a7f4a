package dev.hawser.subprotocol;

import dev.hawser.api.Frame;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;

/** The request behind an event: any number of answers go to the client as messages of the server, before the ack and after it. */
final class EventReply implements Frame.Request {
	private final long fd;
	private final WebSocketServer server;
	private volatile boolean failed;

	EventReply(long fd, WebSocketServer server) {
		this.fd = fd;
		this.server = server;
	}

	@Override
	public SendResult reply(Frame answer) {
		return server.push(fd, answer);
	}

	@Override
	public void fail() {
		failed = true;
	}

	boolean hasFailed() {
		return failed;
	}
}
