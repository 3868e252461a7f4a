package dev.hawser.push;

import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
		private static final Pattern TEXT = Pattern.compile("([0-9]*)@(.*)", Pattern.DOTALL);

		static Place of(@Nullable String after) {
			if (after == null) {
				return new Place("", null);
			}
			Matcher parts = TEXT.matcher(after);
			if (!parts.matches()) {
				throw new IllegalArgumentException(LocalClients.NO_PAGE);
			}
			return new Place(parts.group(2), parts.group(1).isEmpty() ? null : parts.group(1));
		}

		String text() {
			return (after == null ? "" : after) + '@' + node;
		}
	}

	CompletionStage<ConnectionPage> list(Target target, @Nullable String after, int size) {
		LocalClients.requirePageSize(size);
		Place from = Place.of(after);
		local.requireReadable(target);
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
