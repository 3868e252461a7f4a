package dev.hawser.cluster;

import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Outcome;
import java.util.concurrent.Executor;
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
	private final Executor thread;

	/** @param thread of the cluster */
	LetterReader(LocalOrders orders, Connections connections, ClusterNodes nodes, Forwarder forwarder, Asks asks, Executor thread) {
		this.orders = orders;
		this.connections = connections;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.asks = asks;
		this.thread = thread;
	}

	@Override
	public void read(String source, Letter letter) {
		if (!nodes.isLive(source)) {
			thread.execute(nodes::beatSoon); // a node that has just begun
		}
		switch (letter) {
			case Letter.Tell(var target, var order) -> orders.carryOut(target, order);
			case Letter.Ask ask -> forwarder.send(answer(ask), source, _ -> {
			});
			case Letter.Reply reply -> thread.execute(() -> asks.answered(source, reply));
			case Letter.Failed(long number) -> thread.execute(() -> asks.failed(source, number));
			case Letter.Probe _ -> {
				if (source.equals(nodes.self())) {
					nodes.heard();
				}
			}
			case Letter.Mark _,Letter.Unknown _ -> {
			}
		}
	}

	private Letter answer(Letter.Ask ask) {
		try {
			Outcome outcome = orders.carryOut(ask.target(), ask.order());
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
		connections.all().filter(LetterReader::isReliable).forEach(connection -> connection.startClosing(CloseReasons.MESSAGES_LOST));
	}

	private static boolean isReliable(WebSocketConnection connection) {
		return connection.subprotocol().continuity(connection.hub().name()) != null;
	}

	@Override
	public boolean isDead(String node) {
		return nodes.isDead(node);
	}
}
