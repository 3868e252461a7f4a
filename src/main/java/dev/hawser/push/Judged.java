package dev.hawser.push;

import dev.hawser.connection.WebSocketConnection;
import dev.hawser.push.filter.Candidate;
import dev.hawser.push.filter.Filter;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Shows filters one connection after the other: a single object for all of them. Used by one thread. */
final class Judged implements Candidate, Predicate<WebSocketConnection> {
	private final List<Filter> filters;
	private @Nullable WebSocketConnection current;

	Judged(List<Filter> filters) {
		this.filters = filters;
	}

	/** Whether the connection matches all filters. */
	@Override
	public boolean test(WebSocketConnection connection) {
		current = connection;
		for (int i = 0; i < filters.size(); i++) {
			if (!filters.get(i).matches(this)) {
				return false;
			}
		}
		return true;
	}

	private WebSocketConnection current() {
		return Objects.requireNonNull(current);
	}

	@Override
	public @Nullable String userId() {
		return current().userId();
	}

	@Override
	public String connectionId() {
		return current().getId();
	}

	@Override
	public boolean isConnection(String connectionId) {
		return current().isNamed(connectionId);
	}

	@Override
	public @Nullable String protocol() {
		return current().getAcceptedProtocol();
	}

	@Override
	public boolean isIn(String group) {
		return current().isIn(group);
	}

	@Override
	public int groups() {
		return current().groupCount();
	}
}
