package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Permission;
import java.util.List;
import java.util.Locale;

/** Gives connections permissions, takes them away, and tells whether a connection has one. */
final class Permissions {
	private static final String GROUP = "targetName";
	private static final String PATH = "permissions/{}/connections/{}";

	private final Clients clients;

	Permissions(Clients clients) {
		this.clients = clients;
	}

	List<Route> routes() {
		return List.of(
				Route.of("grantPermission", "PUT", PATH, Verb.PERMISSION, this::grant).with(GROUP),
				Route.of("revokePermission", "DELETE", PATH, Verb.PERMISSION, call -> {
					Permission permission = permission(call);
					return Answer.of(204, Call.result("permission", () -> clients.forbid(call.connection(1), permission)));
				}).with(GROUP),
				Route.of("checkPermission", "HEAD", PATH, Verb.PERMISSION, call -> {
					Permission permission = permission(call);
					return Answer.of(Call.result("permission", () -> clients.isPermitted(call.connection(1), permission)) ? 200 : 404);
				}).with(GROUP));
	}

	private Answer grant(Call call) {
		Permission permission = permission(call);
		Delivery delivery = Call.result("permission", () -> clients.permit(call.connection(1), permission));
		if (delivery instanceof Delivery.Nobody) {
			throw new ApiException(404, "ConnectionNotFound", "The hub has no such connection.", "connectionId");
		}
		if (delivery instanceof Delivery.Partial) {
			throw new ApiException(409, "TooManyRoles", "The connection has as many roles as it may have.", "permission");
		}
		return Answer.of(200, delivery);
	}

	private static Permission permission(Call call) {
		String group = call.query().one(GROUP);
		if (group != null) {
			String _ = call.group(group, GROUP);
		}
		return new Permission(switch (call.name(0).toLowerCase(Locale.ROOT)) {
			case "sendtogroup" -> Permission.Action.SEND_TO_GROUP;
			case "joinleavegroup" -> Permission.Action.JOIN_LEAVE_GROUP;
			default -> throw ApiException.invalid("permission", "A permission is sendToGroup or joinLeaveGroup.");
		}, group);
	}
}
