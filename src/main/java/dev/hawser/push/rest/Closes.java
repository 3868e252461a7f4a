package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.api.Target;
import dev.hawser.protocol.CloseCodes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Closes connections. */
final class Closes {
	private static final int NORMAL = 1000;
	private static final String[] STATUS = { "code", "reason" };

	private final Clients clients;

	Closes(Clients clients) {
		this.clients = clients;
	}

	List<Route> routes() {
		return List.of(
				Route.of("closeConnection", "DELETE", "connections/{}", Verb.CLOSE, call -> close(call, call.connection(0))).with(STATUS),
				Route.of("closeAllConnections", "POST", ":closeConnections", Verb.CLOSE,
						call -> close(call, call.narrowed(Target.hub(call.hub())))).with(STATUS).with(Call.NARROWING),
				Route.of("closeUserConnections", "POST", "users/{}/:closeConnections", Verb.CLOSE,
						call -> close(call, call.narrowed(call.user(0)))).with(STATUS).with(Call.NARROWING),
				Route.of("closeGroupConnections", "POST", "groups/{}/:closeConnections", Verb.CLOSE,
						call -> close(call, call.narrowed(call.group(0)))).with(STATUS).with(Call.NARROWING));
	}

	private Answer close(Call call, Target target) {
		int code = call.query().integer("code", NORMAL, 1000, 4999);
		String reason = call.query().one("reason");
		check("code", code, null);
		check("reason", code, reason);
		return Answer.of(204, Call.result("code", () -> clients.close(target, new CloseStatus(code, reason))));
	}

	private static void check(String parameter, int code, @Nullable String reason) {
		try {
			CloseCodes.requireSendable(code, reason);
		}
		catch (IllegalArgumentException e) {
			throw ApiException.invalid(parameter, String.valueOf(e.getMessage()));
		}
	}
}
