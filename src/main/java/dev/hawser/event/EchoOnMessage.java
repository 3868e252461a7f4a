package dev.hawser.event;

/** The built-in demonstration: sends every text and binary message back. */
@NonBlocking
final class EchoOnMessage implements OnMessage {

	@Override
	public void onMessage(WebSocketServer server, Frame frame) {
		if (frame.isText()) {
			server.push(frame.fd(), frame.text());
		}
		else if (frame.isBinary()) {
			server.push(frame.fd(), frame.data());
		}
	}
}
