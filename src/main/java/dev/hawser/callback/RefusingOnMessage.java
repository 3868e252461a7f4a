package dev.hawser.callback;

import dev.hawser.api.Frame;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import org.springframework.web.socket.CloseStatus;

/** Refuses the messages of clients of a hub that has no callbacks on purpose: its clients only receive, or only use groups. */
final class RefusingOnMessage implements OnMessage {
	private static final CloseStatus NO_CALLBACK = new CloseStatus(1011, "no callback");

	/** A client with a subprotocol is told that its event failed; any other is disconnected, as it has no other way to notice. */
	@Override
	public void onMessage(WebSocketServer server, Frame frame) {
		Frame.Request request = frame.request();
		if (request != null) {
			request.fail();
		}
		else if (frame.isText() || frame.isBinary()) {
			server.disconnect(frame.fd(), NO_CALLBACK);
		}
	}
}
