package dev.hawser.push;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lists the connections of several nodes, one node after the other in the order of their names. A place in the list is a node and what
 * that node says of its own place: {@code 17@node}.
 */
final class SharedPages {
	private final LocalClients local;
	private final RemotePush remote;

	SharedPages(LocalClients local, RemotePush remote) {
		this.local = local;
		this.remote = remote;
	}

	/** @param after of the node; null for its first connection */
	private record Place(String node, @Nullable String after) {
		static Place of(@Nullable String after) {
			if (after == null) {
				return new Place("", null);
			}
			int at = after.indexOf('@');
			if (at < 0) {
				throw new IllegalArgumentException("after must be ConnectionPage.next of the page before, but is '" + after + "'.");
			}
			String onNode = after.substring(0, at);
			if (!onNode.chars().allMatch(c -> c >= '0' && c <= '9')) {
				throw new IllegalArgumentException("after must be ConnectionPage.next of the page before, but is '" + after + "'.");
			}
			return new Place(after.substring(at + 1), onNode.isEmpty() ? null : onNode);
		}

		String text() {
			return (after == null ? "" : after) + '@' + node;
		}
	}

	CompletionStage<ConnectionPage> list(Target target, @Nullable String after, int size) {
		if (size < 1 || size > Clients.MAX_PAGE) {
			throw new IllegalArgumentException("A page has 1 to " + Clients.MAX_PAGE + " connections, not " + size + ".");
		}
		Place from = Place.of(after);
		local.count(target); // throws for a filter that cannot be read
		return remote.nodes(target).thenCompose(others -> {
			if (others == null) {
				throw new NodesSilentException();
			}
			TreeSet<String> nodes = new TreeSet<>(others);
			nodes.add(remote.self());
			return next(target, nodes, from, new ArrayList<>(), size);
		});
	}

	private CompletionStage<ConnectionPage> next(Target target, NavigableSet<String> nodes, Place from, List<ConnectionSnapshot> found,
			int size) {
		String node = nodes.ceiling(from.node());
		if (node == null) {
			return CompletableFuture.completedStage(new ConnectionPage(found, null));
		}
		if (found.size() == size) {
			return CompletableFuture.completedStage(new ConnectionPage(found, new Place(node, from.after()).text()));
		}
		String after = node.equals(from.node()) ? from.after() : null;
		return page(node, target, after, size - found.size()).thenCompose(page -> {
			found.addAll(page.connections());
			String more = page.next();
			if (more != null) {
				return CompletableFuture.completedStage(new ConnectionPage(found, new Place(node, more).text()));
			}
			return next(target, nodes, new Place(node + '\0', null), found, size);
		});
	}

	private CompletionStage<ConnectionPage> page(String node, Target target, @Nullable String after, int size) {
		if (node.equals(remote.self())) {
			return local.list(target, after, size);
		}
		return remote.ask(node, target, new Order.Page(after, size)).thenApply(outcome -> {
			if (outcome == null) {
				throw new NodesSilentException();
			}
			return outcome.page();
		});
	}
}
