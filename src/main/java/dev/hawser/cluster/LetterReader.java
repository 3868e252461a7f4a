package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import dev.hawser.connection.SourceNode;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what other nodes say. Used by the thread of the inbox. */
final class LetterReader implements Inbox.Reader {
	private static final Logger LOG = LoggerFactory.getLogger(LetterReader.class);

	private final LocalOrders orders;
	private final Connections connections;
	private final ClusterNodes nodes;
	private final Forwarder forwarder;
	private final Asks asks;
	private final Moves moves;
	private final Function<Collection<String>, CompletionStage<Void>> known;

	private final Executor thread;

	/**
	 * @param known  completes when all nodes can know the members of groups
	 * @param thread of the cluster
	 */
	LetterReader(LocalOrders orders, Connections connections, ClusterNodes nodes, Forwarder forwarder, Asks asks, Moves moves,
			Function<Collection<String>, CompletionStage<Void>> known, Executor thread) {
		this.known = known;
		this.orders = orders;
		this.connections = connections;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.asks = asks;
		this.moves = moves;
		this.thread = thread;
	}

	@Override
	public void read(String source, Letter letter) {
		if (!nodes.isLive(source)) {
			thread.execute(nodes::beatSoon); // a node that has just begun
		}
		switch (letter) {
			case Letter.Tell(var target, var order) -> {
				Outcome _ = carryOut(source, target, order);
			}
			case Letter.Ask ask -> answer(source, ask);
			case Letter.Moving moving -> moves.read(source, moving.number(), moving.step());
			case Letter.Reply reply -> thread.execute(() -> asks.answered(source, reply));
			case Letter.Failed(long number) -> thread.execute(() -> asks.failed(source, number));
			case Letter.Probe _ -> {
				if (source.equals(nodes.self())) {
					nodes.probe().heard();
				}
			}
			case Letter.Mark _,Letter.Unknown _ -> {
			}
		}
	}

	/** Carries out what was asked, and answers; of a join when all nodes can know the new members. */
	private void answer(String source, Letter.Ask ask) {
		Letter answer = carriedOut(source, ask);
		if (ask.order() instanceof Order.Join join) {
			var _ = known.apply(join.groups()).thenRun(() -> send(answer, source));
		}
		else {
			send(answer, source);
		}
	}

	private void send(Letter letter, String node) {
		forwarder.send(letter, node, _ -> {
		});
	}

	private Outcome carryOut(String source, Target target, Order order) {
		String before = SourceNode.set(source);
		try {
			return orders.carryOut(target, order);
		}
		finally {
			var _ = SourceNode.set(before);
			moves.passed(source, target, order);
		}
	}

	private Letter carriedOut(String source, Letter.Ask ask) {
		try {
			Outcome outcome = carryOut(source, ask.target(), ask.order());
			return new Letter.Reply(ask.number(), outcome);
		}
		catch (RuntimeException e) {
			LOG.error("What another node has asked could not be carried out", e);
			return new Letter.Failed(ask.number());
		}
	}

	/** Messages for this node's clients are lost. Those who are promised every message are told, and begin anew. */
	@Override
	public void lost(String source, long batches) {
		LOG.warn("{} batches from {} are lost: clients that are promised every message are closed with 1008", batches, source);
		moves.lost();
		connections.all().filter(LetterReader::isReliable).forEach(connection -> connection.startClosing(CloseReasons.MESSAGES_LOST));
	}

	private static boolean isReliable(WebSocketConnection connection) {
		return connection.subprotocol().continuity(connection.hub().name()) != null;
	}
}
