package dev.hawser.push;

import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.push.filter.Filter;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the connections of this node that a target means. Safe for any thread. */
final class Receivers {
	private final Connections connections;
	private final @Nullable WebSocketConnection only;

	Receivers(Connections connections) {
		this(connections, null);
	}

	/** @param only as if there were no other; null for all */
	Receivers(Connections connections, @Nullable WebSocketConnection only) {
		this.connections = connections;
		this.only = only;
	}

	/**
	 * The connections of the target whose closing handshake is not over, in no order. To be read by one thread.
	 *
	 * @throws IllegalArgumentException for a filter that cannot be read
	 */
	Stream<WebSocketConnection> of(Target target) {
		return switch (target) {
			case Target.Connection one -> Stream.ofNullable(one(one));
			case Target.Several several -> several(several).filter(isMeant(several));
		};
	}

	/** Whether the target has at most one connection, as most users have: nothing needs to be kept for others then. */
	boolean isOne(Target target) {
		return switch (target) {
			case Target.Connection _ -> true;
			case Target.User user -> ofUser(user).size() <= 1;
			case Target.Group _,Target.Hub _ -> false;
		};
	}

	/** The connection; null for none, or one whose closing handshake is over. */
	@Nullable
	WebSocketConnection one(Target.Connection target) {
		WebSocketConnection found = only == null ? connections.find(target.connectionId())
				: only.isNamed(target.connectionId()) ? only : null;
		String hub = target.hub();
		return found == null || found.isClosed() || (hub != null && !found.hub().name().equals(hub)) ? null : found;
	}

	private Predicate<WebSocketConnection> isMeant(Target.Several several) {
		Predicate<WebSocketConnection> meant = connection -> !connection.isClosed();
		Set<WebSocketConnection> excluded = several.excluded().stream().map(connections::find).filter(Objects::nonNull)
				.collect(Collectors.toSet());
		if (!excluded.isEmpty()) {
			meant = meant.and(connection -> !excluded.contains(connection));
		}
		List<Filter> filters = several.filters().stream().map(Filter::parse).toList();
		return filters.isEmpty() ? meant : meant.and(new Judged(filters));
	}

	/** Every connection. */
	Stream<WebSocketConnection> all() {
		return only == null ? connections.all() : Stream.of(only);
	}

	private Stream<WebSocketConnection> several(Target.Several several) {
		return only == null ? found(several) : Stream.of(only).filter(connection -> isIn(connection, several));
	}

	private static boolean isIn(WebSocketConnection connection, Target.Several several) {
		String hub = connection.hub().name();
		return switch (several) {
			case Target.User user -> user.userId().equals(connection.userId()) && (user.hub() == null || hub.equals(user.hub()));
			case Target.Group group -> hub.equals(group.hub()) && connection.isIn(group.name());
			case Target.Hub all -> all.includes(hub);
		};
	}

	private Stream<WebSocketConnection> found(Target.Several several) {
		return switch (several) {
			case Target.User user -> ofUser(user).stream();
			case Target.Group group -> connections.ofGroup(group.hub(), group.name()).stream();
			case Target.Hub hub -> connections.all().filter(connection -> hub.includes(connection.hub().name()));
		};
	}

	private Collection<WebSocketConnection> ofUser(Target.User user) {
		String hub = user.hub();
		return hub == null ? connections.ofUser(user.userId()) : connections.ofUser(hub, user.userId());
	}
}
