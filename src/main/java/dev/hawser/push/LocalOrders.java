package dev.hawser.push;

import dev.hawser.api.ConnectionPage;
import dev.hawser.api.Delivery;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.connection.WebSocketConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Carries out on this node what another node passes on. Safe for any thread. */
public final class LocalOrders {
	private static final ConnectionPage NO_CONNECTIONS = new ConnectionPage(List.of(), null);

	private final LocalClients clients;
	private final SentOnce once;
	private final ConnectionWatch watch;

	LocalOrders(LocalClients clients, SentOnce once, ConnectionWatch watch) {
		this.clients = clients;
		this.once = once;
		this.watch = watch;
	}

	/** @throws IllegalArgumentException for an order that the other node should have refused */
	public Outcome carryOut(Target target, Order order) {
		return switch (order) {
			case Order.Send send ->
				outcome(once.send(send.once(), clients, some -> now(send.millis() == 0 ? some.send(target, send.message())
						: some.send(target, send.message(), Duration.ofMillis(send.millis())))));
			case Order.Close close -> outcome(clients.close(target, close.status()));
			case Order.Ping _ -> outcome(clients.ping(target));
			case Order.Join join -> outcome(clients.join(target, join.groups()));
			case Order.Leave leave -> outcome(clients.leave(target, leave.groups()));
			case Order.LeaveAll _ -> outcome(clients.leaveAll(target));
			case Order.Permit permit -> outcome(clients.permit(target, permit.permission()));
			case Order.Forbid forbid -> outcome(clients.forbid(target, forbid.permission()));
			case Order.IsPermitted asked -> new Outcome(
					target instanceof Target.Connection one && now(clients.isPermitted(one, asked.permission())) ? 1 : 0, 0);
			case Order.Renew renew -> outcome(
					target instanceof Target.Connection one ? now(clients.renew(one, renew.renewal())) : Renewal.Result.NOT_FOUND);
			case Order.Revoke _ -> new Outcome(now(clients.revoke(target)), 0);
			case Order.RevokeToken revoke -> new Outcome(now(clients.revokeToken(revoke.tokenId())), 0);
			case Order.Count _ -> new Outcome(now(clients.count(target)), 0);
			case Order.Page page -> new Outcome(0, 0, now(clients.list(target, page.after(), page.size())));
			case Order.Watch(long after) -> target instanceof Target.Connection one ? outcome(watch.since(one.connectionId(), after))
					: new Outcome(after, 0);
		};
	}

	/** The connection has come from another node. Called while nothing is sent on this node. */
	public void arrived(WebSocketConnection connection) {
		once.arrived(connection);
	}

	private static Outcome outcome(ConnectionWatch.Seen seen) {
		return new Outcome(seen.last(), seen.leftOut(), NO_CONNECTIONS, seen.events());
	}

	/** The same, as if this connection were the only one of this node: for one that was not here when the order came. */
	public LocalOrders of(WebSocketConnection only) {
		return new LocalOrders(clients.of(only), new SentOnce(), watch);
	}

	private static Outcome outcome(CompletionStage<Delivery> delivery) {
		return outcome(now(delivery));
	}

	private static Outcome outcome(Delivery delivery) {
		return switch (delivery) {
			case Delivery.Delivered(long connections) -> new Outcome(connections, 0);
			case Delivery.Partial(long connections, long refused) -> new Outcome(connections, refused);
			case Delivery.Nobody _ -> new Outcome(0, 0);
			case Delivery.HandedOver _,Delivery.Unknown _,Delivery.Unreached _ ->
				throw new IllegalStateException("A node alone passes nothing on");
		};
	}

	private static Outcome outcome(Renewal.Result result) {
		return switch (result) {
			case RENEWED -> new Outcome(1, 0);
			case OTHER_SUBJECT -> new Outcome(0, 1);
			case NOT_FOUND, UNKNOWN -> new Outcome(0, 0);
		};
	}

	/** On this node every stage is complete. */
	private static <T> T now(CompletionStage<T> stage) {
		return stage.toCompletableFuture().join();
	}
}
