package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import java.time.Duration;
import java.util.List;

/** Sends the message in the body of a request. What is wrong with a request is found before anything is sent. */
final class Sends {
	static final int LONGEST_TTL = 300;
	private static final String TTL = "messageTtlSeconds";

	private final Clients clients;

	Sends(Clients clients) {
		this.clients = clients;
	}

	List<Route> routes() {
		return List.of(
				Route.of("sendToConnection", "POST", "connections/{}/:send", Verb.SEND, call -> send(call, call.connection(0))).with(TTL),
				Route.of("sendToUser", "POST", "users/{}/:send", Verb.SEND, call -> send(call, call.narrowed(call.user(0)))).with(TTL)
						.with(Call.NARROWING),
				Route.of("sendToGroup", "POST", "groups/{}/:send", Verb.SEND, call -> send(call, call.narrowed(call.group(0)))).with(TTL)
						.with(Call.NARROWING),
				Route.of("sendToAll", "POST", ":send", Verb.SEND, call -> send(call, call.narrowed(Target.hub(call.hub())))).with(TTL)
						.with(Call.NARROWING));
	}

	private Answer send(Call call, Target target) {
		int seconds = call.query().integer(TTL, 0, 0, LONGEST_TTL);
		Frame message = MessageBody.of(call);
		return Answer.of(202, send(clients, target, message, seconds, "body"));
	}

	/**
	 * Sends a message whose target is checked.
	 *
	 * @param seconds time for which it may wait; 0 for as long as it takes
	 * @param field   what is wrong when the message cannot be sent
	 */
	static Delivery send(Clients clients, Target target, Frame message, int seconds, String field) {
		return Call.result(field, () -> seconds == 0 ? clients.send(target, message)
				: clients.send(target, message, Duration.ofSeconds(seconds)));
	}
}
