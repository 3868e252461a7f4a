package dev.hawser.subprotocol;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.connection.WebSocketConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A message that a client sends to a group.
 *
 * @param content what to send
 * @param noEcho  whether the sender does not get the message
 * @param ttl     after this time the message is of no use; zero for no limit
 */
record GroupMessage(String group, Frame content, boolean noEcho, Duration ttl) {

	static GroupMessage of(Request.SendToGroup request) {
		return new GroupMessage(request.group(), request.content(), request.noEcho(), request.ttl());
	}

	CompletionStage<Delivery> sendBy(WebSocketConnection sender, Clients clients) {
		Target.Group all = Target.group(sender.hub().name(), group);
		Target target = noEcho ? all.except(sender.getId()) : all;
		Frame message = content.asReceived(sender.fd(), content.event(), null).from(sender.userId());
		return ttl.isZero() ? clients.send(target, message) : clients.send(target, message, ttl);
	}
}
