package dev.hawser.callback;

import dev.hawser.api.DataType;
import dev.hawser.api.Frame;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;

/** The built-in demonstration: sends every text and binary message back. */
@NonBlocking
final class EchoOnMessage implements OnMessage {

	@Override
	public void onMessage(WebSocketServer server, Frame frame) {
		if (frame.dataType() == DataType.JSON) {
			server.reply(frame, frame);
		}
		else if (frame.isText()) {
			server.reply(frame, frame.text());
		}
		else if (frame.isBinary()) {
			server.reply(frame, frame.data());
		}
	}
}
