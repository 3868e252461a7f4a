package dev.hawser.operations.console;

import dev.hawser.api.Delivery;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.operations.console.Login.Right;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** What the page asks for, by name, from an operator who has signed in. */
final class ConsoleApi {
	private static final int PAGE = 50;

	private final String node;
	private final Hubs hubs;
	private final LiveView live;
	private final ConnectionsView connections;
	private final SignIns audit;
	private final ClientUrl clientUrl;
	private final Environment environment;
	private final TryToken tokens;

	ConsoleApi(String node, Hubs hubs, LiveView live, ConnectionsView connections, SignIns audit, ClientUrl clientUrl,
			Environment environment,
			TryToken tokens) {
		this.node = node;
		this.hubs = hubs;
		this.live = live;
		this.connections = connections;
		this.audit = audit;
		this.clientUrl = clientUrl;
		this.environment = environment;
		this.tokens = tokens;
	}

	/** The answer to a question, as an object for JSON. */
	Object look(String name, Right right, HttpServletRequest request) {
		return switch (name) {
			case "session" -> session(right, request);
			case "live" -> live.now();
			case "connections" -> connections.list(needed(request, "hub"), given(request, "user"), given(request, "group"),
					given(request, "filter"), given(request, "after"), PAGE);
			case "connection" -> found(connections.find(needed(request, "id")));
			default -> throw new ConsoleException(404, "The console has no " + name + ".");
		};
	}

	private Map<String, Object> session(Right right, HttpServletRequest request) {
		Map<String, Object> session = new LinkedHashMap<>();
		session.put("right", right);
		session.put("node", node);
		session.put("clientUrl", clientUrl.of(request));
		session.put("hubs", hubs.all().stream().map(Hub::name).toList());
		session.put("paths", hubs.all().stream().map(this::path).toList());
		return session;
	}

	private String path(Hub hub) {
		return environment.getProperty("hawser.hubs." + hub.name() + ".path",
				Hub.DEFAULT.equals(hub.name()) ? "/ws" : "/client/hubs/" + hub.name());
	}

	/** Carries out what an operator wants. */
	Object act(String name, Map<?, ?> body, HttpServletRequest request) {
		if ("token".equals(name)) {
			String token = tokens.make(text(body, "hub"), Objects.requireNonNullElse(request.getHeader("Origin"), ""));
			if (token == null) {
				throw new ConsoleException(404, "There is no key to sign a token with; paste one.");
			}
			audit.did(request.getRemoteAddr(), "made a token to try the server with");
			return Map.of("token", token);
		}
		String id = text(body, "id");
		Delivery delivery = switch (name) {
			case "send" -> connections.send(id, text(body, "text"));
			case "ping" -> connections.ping(id);
			case "close" -> connections.close(id, number(body, "code"), Objects.requireNonNullElse(body.get("reason"), "").toString());
			case "join" -> connections.join(id, text(body, "group"));
			case "leave" -> connections.leave(id, text(body, "group"));
			default -> throw new ConsoleException(404, "The console cannot " + name + ".");
		};
		audit.did(request.getRemoteAddr(), name + " " + safe(id) + ": " + delivery);
		return Map.of("done", delivery instanceof Delivery.Delivered || delivery instanceof Delivery.HandedOver, "delivery",
				delivery.getClass().getSimpleName());
	}

	private static String safe(String id) {
		return id.length() > 300 ? id.substring(0, 300) : id;
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
