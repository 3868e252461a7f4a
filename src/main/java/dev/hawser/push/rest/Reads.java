package dev.hawser.push.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells which connections, users and groups there are. */
final class Reads {
	private static final String[] PAGE = { "maxpagesize", "top", "continuationToken" };
	private static final String[] CHOICE = { "userId", "group" };

	private final Clients clients;
	private final PushKeys keys;

	/** @param keys know the URL that links are built on */
	Reads(Clients clients, PushKeys keys) {
		this.clients = clients;
		this.keys = keys;
	}

	List<Route> routes() {
		return List.of(
				Route.of("connectionExists", "HEAD", "connections/{}", Verb.READ, call -> exists(call.connection(0))),
				Route.of("userExists", "HEAD", "users/{}", Verb.READ, call -> exists(call.user(0))),
				Route.of("groupExists", "HEAD", "groups/{}", Verb.READ, call -> exists(call.group(0))),
				Route.of("listConnectionsInGroup", "GET", "groups/{}/connections", Verb.READ,
						call -> page(call, call.group(0), found -> new Member(found.connectionId(), found.userId()))).with(PAGE),
				Route.of("listConnections", "GET", "hawser/connections", Verb.READ, call -> page(call, chosen(call), ConnectionBody::of))
						.with(PAGE).with(CHOICE).with(Call.NARROWING),
				Route.of("getConnection", "GET", "hawser/connections/{}", Verb.READ, this::connection),
				Route.of("countConnections", "GET", "hawser/count", Verb.READ, this::count).with(CHOICE).with(Call.NARROWING));
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	private record Member(@JsonProperty String connectionId, @JsonProperty @Nullable String userId) {
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	private record Page(@JsonProperty List<?> value, @JsonProperty @Nullable String nextLink) {
	}

	private record Count(@JsonProperty long count) {
	}

	private Answer exists(Target target) {
		return Answer.of(Call.result("path", () -> clients.exists(target)) ? 200 : 404);
	}

	/** A user's, a group's or all connections of the hub, narrowed by a filter. */
	private static Target.Several chosen(Call call) {
		String user = call.query().one("userId");
		String group = call.query().one("group");
		if (user != null && group != null) {
			throw ApiException.invalid("group", "Name a userId or a group, and narrow it by a filter such as \"'name' in groups\".");
		}
		Target.Several all = user != null ? Target.user(call.hub(), Call.user(user, "userId"))
				: group != null ? Target.group(call.hub(), call.group(group, "group")) : Target.hub(call.hub());
		return call.narrowed(all);
	}

	private Answer count(Call call) {
		Target target = chosen(call);
		return Answer.json(new Count(Call.result("filter", () -> clients.count(target))));
	}

	private Answer connection(Call call) {
		ConnectionSnapshot found = Call.result("path", () -> clients.find(call.connection(0))).orElse(null);
		if (found == null) {
			throw new ApiException(404, "ConnectionNotFound", "The hub has no such connection.", "connectionId");
		}
		return Answer.json(ConnectionBody.of(found));
	}

	private Answer page(Call call, Target.Several target, Function<ConnectionSnapshot, Object> form) {
		int longest = call.settings().mostInPage();
		int most = Math.min(call.query().integer("maxpagesize", longest, 1, Clients.MAX_PAGE), longest);
		int top = call.query().integer("top", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
		String after = call.query().one("continuationToken");
		ConnectionPage page = Call.result("continuationToken", () -> clients.list(target, after, Math.min(most, top)));
		int left = top == Integer.MAX_VALUE ? top : top - page.connections().size();
		String next = left == 0 ? null : page.next();
		return Answer.json(new Page(page.connections().stream().map(form).toList(), next == null ? null : link(call, next, left)));
	}

	/** The URL of the next page: that of this request with another token, and with what is left of {@code top}. */
	private String link(Call call, String next, int left) {
		StringBuilder link = new StringBuilder(keys.urlOf(call.request()));
		link.append("?continuationToken=").append(encoded(next));
		if (left != Integer.MAX_VALUE) {
			link.append("&top=").append(left);
		}
		for (String kept : List.of("maxpagesize", "api-version", "userId", "group", "filter", "excluded")) {
			call.query().all(kept).forEach(value -> link.append('&').append(kept).append('=').append(encoded(value)));
		}
		return link.toString();
	}

	private static String encoded(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
	}
}
