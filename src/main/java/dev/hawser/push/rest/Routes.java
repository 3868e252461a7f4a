package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.push.rest.ApiMeters.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the operation that a request asks for, and answers with its result. Safe for any thread. */
final class Routes implements ApiRoutes {
	private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
	/** The published versions of the contract; a request without one gets the newest. */
	private static final Set<String> VERSIONS = Set.of("2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01");
	private static final String VERSION = "api-version";
	private static final int HUB = 2;

	private final List<Route> routes;
	private final Hubs hubs;
	private final RepeatedRequests repeated;
	private final ApiMeters meters;
	private final PushKeys keys;
	private final AtomicInteger underWay = new AtomicInteger();

	/** An operation, and the names in the path that asks for it. */
	private record Match(Route route, List<String> names) {
	}

	/**
	 * @param keys       have the settings in force
	 * @param clientPort the port that clients connect to
	 * @param elsewhere  what other nodes know of requests that are repeated; null when there are none
	 */
	Routes(Clients clients, Hubs hubs, PushKeys keys, IntSupplier clientPort, @Nullable ElsewhereAnswered elsewhere, ApiMeters meters) {
		this.routes = all(clients, keys, clientPort);
		this.hubs = hubs;
		this.keys = keys;
		this.repeated = new RepeatedRequests(() -> keys.settings().idempotency(), elsewhere);
		this.meters = meters;
	}

	private static List<Route> all(Clients clients, PushKeys keys, IntSupplier clientPort) {
		return Stream.of(new Sends(clients).routes(), new Closes(clients).routes(), new Reads(clients, keys).routes(),
				new GroupChanges(clients).routes(), new Permissions(clients).routes(), new ClientTokens(keys, clientPort).routes(),
				new Batches(clients).routes()).flatMap(List::stream).toList();
	}

	/** All operations, each with the method and pattern of its requests. */
	List<Route> all() {
		return routes;
	}

	@Override
	public void answer(List<String> path, PushKey caller, HttpServletRequest request, HttpServletResponse response) throws IOException {
		long begin = System.nanoTime();
		Route route = null;
		try {
			Match match = find(request.getMethod(), path.subList(HUB + 1, path.size()));
			route = match.route();
			if (!caller.may(route.verb())) {
				throw new ApiException(403, "Forbidden", "This key is not for this: it needs the verb '" + route.verb().word() + "'.",
						null);
			}
			Answer answer = answer(match, path.get(HUB), caller, request);
			answer.write(response);
			meters.answered(route.name(), Outcome.DONE, begin);
		}
		catch (ApiException e) {
			count(e.error());
			e.error().write(request, response, e.headers());
			meters.answered(route == null ? "none" : route.name(), e.error().status() < 500 ? Outcome.REFUSED : Outcome.FAILED, begin);
		}
		catch (RuntimeException e) {
			LOG.error("A request to the push API has failed", e);
			new ApiError(500, "InternalServerError", "The server could not carry this out: its log says why.", null).write(request,
					response,
					Map.of());
			meters.answered(route == null ? "none" : route.name(), Outcome.FAILED, begin);
		}
	}

	/** Refusals that have nothing to do with the request itself. */
	private void count(ApiError error) {
		switch (error.code()) {
			case "TooManyRequests" -> meters.refused("quota");
			case "ServerBusy", "ServiceUnavailable" -> meters.refused("busy");
			case "OtherNodesAway", "Overloaded", "Unknown", "NoAnswer" -> meters.refused("nodes");
			default -> {
				// the request is wrong
			}
		}
	}

	/** @throws ApiException when there is no such operation */
	private Match find(String method, List<String> below) {
		Set<String> allowed = new TreeSet<>();
		for (Route route : routes) {
			List<String> names = route.names(below);
			if (names != null) {
				if (route.method().equals(method)) {
					return new Match(route, names);
				}
				allowed.add(route.method());
			}
		}
		if (allowed.isEmpty()) {
			throw new ApiException(404, "NotFound", "The push API has no such path: docs/push.md lists all paths.", "path");
		}
		String methods = String.join(", ", allowed);
		throw new ApiException(new ApiError(405, "MethodNotAllowed", "This path can be used with " + methods + ".", "method"),
				Map.of("Allow", methods));
	}

	private Answer answer(Match match, String hub, PushKey caller, HttpServletRequest request) {
		Query query = Query.of(request.getQueryString());
		query.requireOnly(match.route().with(VERSION).parameters());
		String version = query.one(VERSION);
		if (version != null && !VERSIONS.contains(version)) {
			throw new ApiException(400, "UnsupportedApiVersion", "There is no such api-version: leave it out, or send one of "
					+ String.join(", ", new TreeSet<>(VERSIONS)) + ".", VERSION);
		}
		Call call = new Call(existing(hub), match.names(), query, caller, keys.settings(), request);
		try {
			if (underWay.incrementAndGet() > keys.settings().atOnce()) {
				throw new ApiException(new ApiError(503, "ServerBusy",
						"As many requests as hawser.push.at-once allows are under way: try again later.", null),
						Map.of("Retry-After", "1"));
			}
			return repeated.answer(match.route(), call);
		}
		finally {
			underWay.decrementAndGet();
		}
	}

	/** The hub's own spelling of its name, which callers may write in any case. */
	private String existing(String name) {
		for (Hub hub : hubs.all()) {
			if (hub.name().equalsIgnoreCase(name)) {
				return hub.name();
			}
		}
		throw new ApiException(404, "HubNotFound", "There is no such hub: all hubs but 'default' are below hawser.hubs.", "hub");
	}
}
