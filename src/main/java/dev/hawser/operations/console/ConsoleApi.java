package dev.hawser.operations.console;

import dev.hawser.api.Delivery;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.log.ControlCharacters;
import dev.hawser.operations.console.Login.Right;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the page asks for, by name, from an operator who has signed in. */
final class ConsoleApi {
	private static final int PAGE = 50;
	private static final int MOST_SAID = 300;

	private final Supplier<String> node;
	private final BooleanSupplier showsPayloads;
	private final Hubs hubs;
	private final LiveView live;
	private final ConnectionsView connections;
	private final SignIns audit;
	private final ClientUrl clientUrl;
	private final TryIt tryIt;

	/**
	 * @param node          the name of this node now
	 * @param showsPayloads whether operators see payloads
	 */
	ConsoleApi(Supplier<String> node, BooleanSupplier showsPayloads, Hubs hubs, LiveView live, ConnectionsView connections, SignIns audit,
			ClientUrl clientUrl, TryIt tryIt) {
		this.node = node;
		this.showsPayloads = showsPayloads;
		this.hubs = hubs;
		this.live = live;
		this.connections = connections;
		this.audit = audit;
		this.clientUrl = clientUrl;
		this.tryIt = tryIt;
	}

	/** The answer to a question, as an object for JSON. */
	Object look(String name, Right right, HttpServletRequest request) {
		return switch (name) {
			case "session" -> session(right, request);
			case "live" -> live.since(number(given(request, "after")));
			case "connections" -> connections.list(new ConnectionsView.Wanted(given(request, "hub"), given(request, "user"),
					given(request, "group"), given(request, "filter")), given(request, "after"), PAGE);
			case "connection" -> found(connections.find(needed(request, "id")));
			default -> throw new ConsoleException(404, "The console has no " + name + ".");
		};
	}

	private Map<String, Object> session(Right right, HttpServletRequest request) {
		Map<String, Object> session = new LinkedHashMap<>();
		session.put("right", right);
		session.put("node", node.get());
		session.put("showsPayloads", showsPayloads.getAsBoolean());
		session.put("clientUrl", clientUrl.of(request));
		session.put("hubs", hubs.all().stream().map(Hub::name).toList());
		session.put("paths", hubs.all().stream().map(hub -> tryIt.path(hub.name())).toList());
		return session;
	}

	/** Carries out what an operator wants. */
	Object act(String name, Map<?, ?> body, HttpServletRequest request) {
		String address = request.getRemoteAddr();
		if ("token".equals(name)) {
			String hub = hubs.get(text(body, "hub")).name();
			String token = tryIt.token(hub, Objects.requireNonNullElse(request.getHeader("Origin"), ""));
			if (token == null) {
				throw new ConsoleException(404, "There is no key to sign a token with; paste one.");
			}
			audit.did(address, "made a token to try the hub " + hub);
			return Map.of("token", token);
		}
		Deed deed = deed(name, text(body, "id"), body);
		try {
			Delivery delivery = deed.doing.get();
			audit.did(address, deed.said + ": " + delivery);
			return Map.of("done", delivery instanceof Delivery.Delivered || delivery instanceof Delivery.HandedOver, "delivery",
					delivery.getClass().getSimpleName());
		}
		catch (IllegalStateException e) {
			audit.did(address, deed.said + ": it is not known whether it was done");
			throw e;
		}
	}

	/** @param said what an audit says of it, without payloads */
	private record Deed(String said, Supplier<Delivery> doing) {
	}

	private Deed deed(String name, String id, Map<?, ?> body) {
		return switch (name) {
			case "send" -> send(id, text(body, "text"));
			case "ping" -> new Deed("pinged " + cut(id), () -> connections.ping(id));
			case "close" -> close(id, number(body, "code"), Objects.requireNonNullElse(body.get("reason"), "").toString());
			case "join" -> join(id, text(body, "group"));
			case "leave" -> leave(id, text(body, "group"));
			default -> throw new ConsoleException(404, "The console cannot " + name + ".");
		};
	}

	private Deed send(String id, String text) {
		return new Deed("sent a text of " + text.length() + " characters to " + cut(id), () -> connections.send(id, text));
	}

	private Deed close(String id, int code, String reason) {
		return new Deed("closed " + cut(id) + " with " + code, () -> connections.close(id, code, reason));
	}

	private Deed join(String id, String group) {
		return new Deed("made " + cut(id) + " join the group " + cut(group), () -> connections.join(id, group));
	}

	private Deed leave(String id, String group) {
		return new Deed("made " + cut(id) + " leave the group " + cut(group), () -> connections.leave(id, group));
	}

	/** For a line of a log. */
	private static String cut(String text) {
		return ControlCharacters.escape(text.length() > MOST_SAID ? text.substring(0, MOST_SAID) : text);
	}

	private static Object found(@Nullable Object connection) {
		if (connection == null) {
			throw new ConsoleException(404, "This connection has ended.");
		}
		return connection;
	}

	private static String needed(HttpServletRequest request, String name) {
		String value = given(request, name);
		if (value == null) {
			throw new ConsoleException(400, "Name a " + name + ".");
		}
		return value;
	}

	private static @Nullable String given(HttpServletRequest request, String name) {
		String value = request.getParameter(name);
		return value == null || value.isBlank() ? null : value;
	}

	private static long number(@Nullable String text) {
		try {
			return text == null ? 0 : Long.parseLong(text);
		}
		catch (NumberFormatException e) {
			throw new ConsoleException(400, "after must be a number.");
		}
	}

	private static String text(Map<?, ?> body, String name) {
		if (body.get(name) instanceof String text && !text.isEmpty()) {
			return text;
		}
		throw new ConsoleException(400, "Give a " + name + ".");
	}

	private static int number(Map<?, ?> body, String name) {
		if (body.get(name) instanceof Integer number) {
			return number;
		}
		throw new ConsoleException(400, name + " must be a number.");
	}
}
