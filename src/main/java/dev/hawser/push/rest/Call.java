package dev.hawser.push.rest;

import dev.hawser.api.Names;
import dev.hawser.api.Target;
import dev.hawser.connection.limit.RefusedBody;
import dev.hawser.push.NodesSilentException;
import dev.hawser.push.filter.InvalidFilterException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request of the push API that has got in, for a hub that exists. Used by one thread. */
final class Call {
	/** Other nodes answer much sooner, or not at all. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);
	/** The parameters of {@link #narrowed}. */
	static final String[] NARROWING = { "excluded", "filter" };

	private final String hub;
	private final List<String> names;
	private final Query query;
	private final PushKey caller;
	private final PushSettings settings;
	private final HttpServletRequest request;
	private byte @Nullable [] body;

	/**
	 * @param hub   the hub's own spelling of its name
	 * @param names the names in the path, in their order
	 */
	Call(String hub, List<String> names, Query query, PushKey caller, PushSettings settings, HttpServletRequest request) {
		this.hub = hub;
		this.names = names;
		this.query = query;
		this.caller = caller;
		this.settings = settings;
		this.request = request;
	}

	String hub() {
		return hub;
	}

	Query query() {
		return query;
	}

	PushKey caller() {
		return caller;
	}

	/** The settings in force. */
	PushSettings settings() {
		return settings;
	}

	HttpServletRequest request() {
		return request;
	}

	/** A name in the path, counted from 0. */
	String name(int index) {
		return names.get(index);
	}

	/** The connection that the path names. */
	Target.Connection connection(int index) {
		return Target.connection(hub, name(index));
	}

	/** The user that the path names. */
	Target.User user(int index) {
		return Target.user(hub, user(name(index), "userId"));
	}

	/** @throws ApiException for a name that no user can have */
	static String user(String name, String field) {
		String objection = Names.objection(name);
		if (objection != null) {
			throw ApiException.invalid(field, "The name of a user " + objection);
		}
		return name;
	}

	/** The name of the group that the path names. */
	String groupName(int index) {
		return group(name(index), "group");
	}

	/** The group that the path names. */
	Target.Group group(int index) {
		return Target.group(hub, groupName(index));
	}

	/** @throws ApiException for a name that no group can have */
	String group(String name, String field) {
		int longest = settings.longestGroupName();
		String objection = name.length() > longest ? "must have 1 to " + longest + " characters; this one has " + name.length() + '.'
				: Names.objection(name);
		if (objection != null) {
			throw ApiException.invalid(field, "The name of a group " + objection);
		}
		return name;
	}

	/** The target without the connections in {@code excluded}, and without those that do not match {@code filter}. */
	Target.Several narrowed(Target.Several target) {
		List<String> excluded = query.all("excluded");
		String filter = query.one("filter");
		return filtered(excluded.isEmpty() ? target : target.except(excluded), filter);
	}

	/** The target narrowed by a filter, which is read when the target is used: see {@link #result}. */
	static Target.Several filtered(Target.Several target, @Nullable String filter) {
		return filter == null || filter.isEmpty() ? target : target.matching(filter);
	}

	/**
	 * The whole body; empty for none.
	 *
	 * @throws ApiException when it is too large, comes too slowly, or is cut off
	 */
	byte[] body() {
		byte[] known = body;
		if (known == null) {
			try {
				int length = request.getContentLength(); // bounded, and -1 when it is not known
				known = length < 0 ? request.getInputStream().readAllBytes() : request.getInputStream().readNBytes(length);
			}
			catch (IOException | RuntimeException e) {
				throw unreadable();
			}
			body = known;
		}
		return known;
	}

	/** The rest of the body, if it still comes, must not be read as a request. */
	private ApiException unreadable() {
		RefusedBody refused = request.getAttribute(RefusedBody.ATTRIBUTE) instanceof RefusedBody known ? known
				: new RefusedBody(400, "The request's body cannot be read.");
		String code = switch (refused.status()) {
			case 408 -> "RequestTimeout";
			case 413 -> "PayloadTooLarge";
			case 503 -> "ServiceUnavailable";
			default -> "BadRequest";
		};
		return new ApiException(new ApiError(refused.status(), code, refused.detail(), "body"), Map.of("Connection", "close"));
	}

	/**
	 * The result of a method of {@link dev.hawser.api.Clients}.
	 *
	 * @param target the parameter, header or field that is wrong when the method throws {@link IllegalArgumentException}; if the filter
	 *     cannot be read, it is the filter beside it
	 */
	static <T> T result(String target, Supplier<CompletionStage<T>> method) {
		try {
			return method.get().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InvalidFilterException e) {
			throw new ApiException(400, "InvalidFilter", String.valueOf(e.getMessage()),
					target.substring(0, target.lastIndexOf('.') + 1) + "filter");
		}
		catch (IllegalArgumentException e) {
			throw ApiException.invalid(target, String.valueOf(e.getMessage()));
		}
		catch (TimeoutException e) {
			throw new ApiException(504, "NoAnswer", "Other nodes do not answer: it is not known whether this was carried out.", null);
		}
		catch (ExecutionException e) {
			if (e.getCause() instanceof NodesSilentException) {
				throw new ApiException(new ApiError(503, "NoAnswer", "Other nodes do not answer: try again later.", null),
						Map.of("Retry-After", "1"));
			}
			throw new IllegalStateException("A push has failed", e.getCause());
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new ApiException(503, "Stopping", "The server stops: try again.", null);
		}
	}
}
