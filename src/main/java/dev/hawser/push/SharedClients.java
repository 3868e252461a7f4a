package dev.hawser.push;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.connection.SourceNode;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * The {@link Clients} of several nodes: this node first, at once, and then the others, unless the target is one connection of this
 * node.
 */
final class SharedClients implements Clients {
	private final LocalClients local;
	private final SentOnce once;
	private final RemotePush remote;
	private final SharedPages pages;

	SharedClients(LocalClients local, SentOnce once, RemotePush remote) {
		this.once = once;
		this.local = local;
		this.remote = remote;
		this.pages = new SharedPages(local, remote);
	}

	@Override
	public CompletionStage<Delivery> send(Target target, Frame message) {
		return send(target, new Order.Send(message, 0, Operation.nextMessage()), some -> now(some.send(target, message)));
	}

	@Override
	public CompletionStage<Delivery> send(Target target, Frame message, Duration within) {
		return send(target, new Order.Send(message, Math.max(1, within.toMillis()), Operation.nextMessage()),
				some -> now(some.send(target, message, within)));
	}

	private CompletionStage<Delivery> send(Target target, Order.Send order, Function<LocalClients, Delivery> here) {
		return told(target, () -> CompletableFuture.completedStage(once.send(order.once(), local, here)), order);
	}

	@Override
	public CompletionStage<Delivery> close(Target target, CloseStatus status) {
		return asked(target, () -> local.close(target, status), new Order.Close(status));
	}

	@Override
	public CompletionStage<Delivery> ping(Target target) {
		return told(target, () -> local.ping(target), new Order.Ping());
	}

	@Override
	public CompletionStage<Delivery> join(Target target, Collection<String> groups) {
		CompletionStage<Delivery> joined = asked(target, () -> local.join(target, groups), new Order.Join(groups));
		return joined.thenCombine(remote.known(groups), (delivery, _) -> delivery);
	}

	@Override
	public CompletionStage<Delivery> leave(Target target, Collection<String> groups) {
		return asked(target, () -> local.leave(target, groups), new Order.Leave(groups));
	}

	@Override
	public CompletionStage<Delivery> leaveAll(Target target) {
		return asked(target, () -> local.leaveAll(target), new Order.LeaveAll());
	}

	@Override
	public CompletionStage<Delivery> permit(Target target, Permission permission) {
		return asked(target, () -> local.permit(target, permission), new Order.Permit(permission));
	}

	@Override
	public CompletionStage<Delivery> forbid(Target target, Permission permission) {
		return asked(target, () -> local.forbid(target, permission), new Order.Forbid(permission));
	}

	private CompletionStage<Delivery> told(Target target, Supplier<CompletionStage<Delivery>> here, Order order) {
		return remote.together(() -> {
			Delivery done = now(delivered(target, here));
			return isAllHere(target, done) ? CompletableFuture.completedStage(done)
					: remote.tell(target, order).thenApply(there -> delivery(done, there, there.nodes()));
		});
	}

	/** What is for one connection of this node gets there from nowhere else. */
	private CompletionStage<Delivery> delivered(Target target, Supplier<CompletionStage<Delivery>> here) {
		if (target instanceof Target.Connection) {
			return here.get();
		}
		String before = SourceNode.set(remote.self());
		try {
			return here.get();
		}
		finally {
			var _ = SourceNode.set(before);
		}
	}

	private CompletionStage<Delivery> asked(Target target, Supplier<CompletionStage<Delivery>> here, Order order) {
		return remote.together(() -> {
			Delivery done = now(here.get());
			return isAllHere(target, done) ? CompletableFuture.completedStage(done)
					: remote.ask(target, order).thenApply(there -> delivery(done, there, 0));
		});
	}

	/** A connection is on one node. */
	private static boolean isAllHere(Target target, Delivery here) {
		return target instanceof Target.Connection && !(here instanceof Delivery.Nobody);
	}

	/** @param nodes that have the order and have not answered it */
	private static Delivery delivery(Delivery here, RemotePush.Passed there, int nodes) {
		long connections = there.done();
		long refused = there.refused();
		switch (here) {
			case Delivery.Delivered delivered -> connections += delivered.connections();
			case Delivery.Partial partial -> {
				connections += partial.connections();
				refused += partial.refused();
			}
			case Delivery.Nobody _,Delivery.HandedOver _,Delivery.Unknown _,Delivery.Unreached _ -> {
			}
		}
		return switch (there.trouble()) {
			case UNKNOWN -> new Delivery.Unknown(connections);
			case AWAY -> new Delivery.Unreached(connections, Delivery.Unreached.Reason.AWAY);
			case OVERLOADED -> new Delivery.Unreached(connections, Delivery.Unreached.Reason.OVERLOADED);
			case NONE -> nodes > 0 && refused == 0 ? new Delivery.HandedOver(connections, nodes) : Delivery.of(connections, refused);
		};
	}

	@Override
	public CompletionStage<Boolean> isPermitted(Target.Connection connection, Permission permission) {
		return isHere(connection) ? local.isPermitted(connection, permission)
				: remote.ask(connection, new Order.IsPermitted(permission)).thenApply(there -> known(there).done() > 0);
	}

	@Override
	public CompletionStage<Renewal.Result> renew(Target.Connection connection, Renewal renewal) {
		return isHere(connection) ? local.renew(connection, renewal) : remote.ask(connection, new Order.Renew(renewal)).thenApply(there -> {
			if (there.trouble() != RemotePush.Trouble.NONE) {
				return Renewal.Result.UNKNOWN;
			}
			if (there.refused() > 0) {
				return Renewal.Result.OTHER_SUBJECT;
			}
			return there.done() > 0 ? Renewal.Result.RENEWED : Renewal.Result.NOT_FOUND;
		});
	}

	@Override
	public CompletionStage<Long> revoke(Target target) {
		return sum(target, () -> local.revoke(target), new Order.Revoke());
	}

	@Override
	public CompletionStage<Long> revokeToken(String tokenId) {
		return sum(Target.everyHub(), () -> local.revokeToken(tokenId), new Order.RevokeToken(tokenId));
	}

	@Override
	public CompletionStage<Boolean> exists(Target target) {
		return now(local.exists(target)) ? CompletableFuture.completedStage(true)
				: remote.ask(target, new Order.Count()).thenApply(there -> there.done() > 0 || known(there).done() > 0);
	}

	@Override
	public CompletionStage<Long> count(Target target) {
		return sum(target, () -> local.count(target), new Order.Count());
	}

	private CompletionStage<Long> sum(Target target, Supplier<CompletionStage<Long>> here, Order order) {
		return remote.together(() -> {
			long done = now(here.get());
			return target instanceof Target.Connection && done > 0 ? CompletableFuture.completedStage(done)
					: remote.ask(target, order).thenApply(there -> done + known(there).done());
		});
	}

	/** What the other nodes say, if all of them do. */
	private static RemotePush.Passed known(RemotePush.Passed there) {
		if (there.trouble() != RemotePush.Trouble.NONE) {
			throw new NodesSilentException();
		}
		return there;
	}

	@Override
	public CompletionStage<Optional<ConnectionSnapshot>> find(Target.Connection connection) {
		Optional<ConnectionSnapshot> here = now(local.find(connection));
		return here.isPresent() ? CompletableFuture.completedStage(here)
				: pages.list(connection, null, 1).thenApply(page -> page.connections().stream().findFirst());
	}

	@Override
	public CompletionStage<ConnectionPage> list(Target target, @Nullable String after, int size) {
		return pages.list(target, after, size);
	}

	private boolean isHere(Target.Connection connection) {
		return now(local.exists(connection));
	}

	/** On this node every stage is complete. */
	private static <T> T now(CompletionStage<T> stage) {
		return stage.toCompletableFuture().join();
	}
}
