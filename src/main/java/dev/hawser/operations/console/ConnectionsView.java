package dev.hawser.operations.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Finds connections on every node, and acts on one. */
final class ConnectionsView {
	private static final int SECONDS_TO_ANSWER = 5;

	private final Clients clients;

	/** A connection as the page shows it; times in milliseconds since 1970. */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Shown(String id, String hub, String node, @Nullable String user, @Nullable String address, @Nullable String subprotocol,
			long connectedAt,
			long lastReceivedAt, long lastSentAt, ConnectionSnapshot.Traffic traffic, long queuedBytes, Set<String> groups,
			Set<String> roles) {

		static Shown of(ConnectionSnapshot connection) {
			return new Shown(connection.connectionId(), connection.hub(), connection.node(), connection.userId(),
					address(connection.remoteAddress()),
					connection.subprotocol(), connection.connectedAt().toEpochMilli(), connection.lastReceivedAt().toEpochMilli(),
					connection.lastSentAt().toEpochMilli(), connection.traffic(), connection.queuedBytes(), connection.groups(),
					connection.roles());
		}

		private static @Nullable String address(@Nullable InetSocketAddress socket) {
			if (socket == null) {
				return null;
			}
			String host = socket.getHostString();
			return (host.contains(":") ? '[' + host + ']' : host) + ':' + socket.getPort();
		}
	}

	/**
	 * @param next  asks for the next page; absent on the last one
	 * @param count connections that match
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Page(List<Shown> connections, @Nullable String next, long count) {
	}

	ConnectionsView(Clients clients) {
		this.clients = clients;
	}

	/**
	 * Which connections an operator wants to see.
	 *
	 * @param hub    only of this hub; null for every hub, which costs no more questions to other nodes than one hub
	 * @param user   only of this user; null for all
	 * @param group  only members of groups of this name; null for all
	 * @param filter only those that meet this condition; null for all
	 */
	record Wanted(@Nullable String hub, @Nullable String user, @Nullable String group, @Nullable String filter) {
		Target target() {
			if (hub != null && user == null && group != null) { // asks only the nodes that have members
				return narrowed(Target.group(hub, group), filter);
			}
			Target.Several all = user != null ? new Target.User(hub, user, Set.of(), Set.of())
					: hub != null ? Target.hub(hub) : Target.everyHub();
			return narrowed(narrowed(all, group == null ? null : '\'' + group.replace("'", "''") + "' in groups"), filter);
		}

		private static Target.Several narrowed(Target.Several target, @Nullable String condition) {
			return condition == null ? target : target.matching(condition);
		}
	}

	/**
	 * A page of connections.
	 *
	 * @param after what the page before has named; null for the first page
	 * @param size  connections of a page, at most {@link Clients#MAX_PAGE}
	 * @throws IllegalArgumentException for a condition, or a page, that cannot be read
	 */
	Page list(Wanted wanted, @Nullable String after, int size) {
		Target target = wanted.target();
		ConnectionPage page = await(clients.list(target, after, size));
		return new Page(page.connections().stream().map(Shown::of).toList(), page.next(), await(clients.count(target)));
	}

	/** Null when there is none. */
	@Nullable
	Shown find(String id) {
		return await(clients.find(Target.connection(id))).map(Shown::of).orElse(null);
	}

	Delivery send(String id, String text) {
		return await(clients.send(Target.connection(id), Frame.text(text)));
	}

	Delivery ping(String id) {
		return await(clients.ping(Target.connection(id)));
	}

	Delivery close(String id, int code, String reason) {
		return await(clients.close(Target.connection(id), new CloseStatus(code, reason)));
	}

	Delivery join(String id, String group) {
		return await(clients.join(Target.connection(id), group));
	}

	Delivery leave(String id, String group) {
		return await(clients.leave(Target.connection(id), group));
	}

	private static <T> T await(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The server is stopping.", e);
		}
		catch (ExecutionException | TimeoutException e) {
			throw new IllegalStateException("Another node has not answered.", e);
		}
	}
}
