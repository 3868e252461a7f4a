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

	Receivers(Connections connections) {
		this.connections = connections;
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

	/** The connection; null for none, or one whose closing handshake is over. */
	@Nullable
	WebSocketConnection one(Target.Connection target) {
		WebSocketConnection found = connections.find(target.connectionId());
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

	private Stream<WebSocketConnection> several(Target.Several several) {
		return switch (several) {
			case Target.User user -> ofUser(user).stream();
			case Target.Group group -> connections.ofGroup(group.hub(), group.name()).stream();
			case Target.Hub hub -> connections.all().filter(connection -> connection.hub().name().equals(hub.name()));
		};
	}

	private Collection<WebSocketConnection> ofUser(Target.User user) {
		String hub = user.hub();
		return hub == null ? connections.ofUser(user.userId()) : connections.ofUser(hub, user.userId());
	}
}
