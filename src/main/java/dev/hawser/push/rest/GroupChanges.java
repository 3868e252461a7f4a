package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.JsonNode;

/** Adds connections to groups, and removes them. */
final class GroupChanges {
	private static final List<String> FIELDS = List.of("groups", "filter");

	private final Clients clients;

	GroupChanges(Clients clients) {
		this.clients = clients;
	}

	List<Route> routes() {
		return List.of(
				Route.of("addConnectionToGroup", "PUT", "groups/{}/connections/{}", Verb.MEMBERSHIP,
						call -> added(join(call.connection(1), call.groupName(0)), "ConnectionNotFound", "connectionId")),
				Route.of("removeConnectionFromGroup", "DELETE", "groups/{}/connections/{}", Verb.MEMBERSHIP, this::removeConnection),
				Route.of("addUserToGroup", "PUT", "users/{}/groups/{}", Verb.MEMBERSHIP,
						call -> added(join(call.user(0), call.groupName(1)), "UserNotFound", "userId")),
				Route.of("removeUserFromGroup", "DELETE", "users/{}/groups/{}", Verb.MEMBERSHIP,
						call -> Answer.of(204, leave(call.user(0), call.groupName(1)))),
				Route.of("removeConnectionFromAllGroups", "DELETE", "connections/{}/groups", Verb.MEMBERSHIP,
						call -> Answer.of(204, Call.result("path", () -> clients.leaveAll(call.connection(0))))),
				Route.of("removeUserFromAllGroups", "DELETE", "users/{}/groups", Verb.MEMBERSHIP,
						call -> Answer.of(204, Call.result("path", () -> clients.leaveAll(call.user(0))))),
				Route.of("addConnectionsToGroups", "POST", ":addToGroups", Verb.MEMBERSHIP, call -> many(call, clients::join)),
				Route.of("removeConnectionsFromGroups", "POST", ":removeFromGroups", Verb.MEMBERSHIP, call -> many(call, clients::leave)));
	}

	private Delivery join(Target target, String group) {
		return Call.result("group", () -> clients.join(target, group));
	}

	private Delivery leave(Target target, String group) {
		return Call.result("group", () -> clients.leave(target, group));
	}

	private static Answer added(Delivery delivery, String unknown, String field) {
		if (delivery instanceof Delivery.Nobody) {
			throw new ApiException(404, unknown, "No connection of the hub is meant by this " + field + ".", field);
		}
		if (delivery instanceof Delivery.Partial(long connections, _) && connections == 0) {
			throw new ApiException(409, "TooManyGroups", "The connection is in as many groups as it may be"
					+ " (hawser.connection.limits.groups): remove it from another group first.", "group");
		}
		return Answer.of(200, delivery);
	}

	private Answer removeConnection(Call call) {
		Delivery delivery = leave(call.connection(1), call.groupName(0));
		if (delivery instanceof Delivery.Nobody) {
			throw new ApiException(404, "ConnectionNotFound", "The hub has no such connection.", "connectionId");
		}
		return Answer.of(204, delivery);
	}

	/** Body: {@code {"groups":["a","b"],"filter":"userId eq 'ann'"}}; without a filter all connections are meant. */
	private static Answer many(Call call, BiFunction<Target, List<String>, CompletionStage<Delivery>> change) {
		MessageBody.requireJson(call);
		JsonFields body = JsonFields.of(call.body()).only(FIELDS);
		List<String> groups = new ArrayList<>();
		for (JsonNode group : body.list("groups", 1, WebSocketServer.MAX_GROUPS)) {
			groups.add(call.group(JsonFields.text(group, "groups"), "groups"));
		}
		Target target = Call.filtered(Target.hub(call.hub()), body.text("filter"));
		return Answer.of(200, Call.result("groups", () -> change.apply(target, groups)));
	}
}
