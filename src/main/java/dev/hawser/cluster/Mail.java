package dev.hawser.cluster;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The inbox of this node, through all that happens to it: under a new name the node has a new one; what Redis may have lost is looked for;
 * and a node that is back shows the others by its next number whether they miss something. Told of all this on the thread of the cluster.
 */
final class Mail implements Nodes.Listener {
	private final ClusterNodes nodes;
	private final Redis redis;
	private final Forwarder forwarder;
	private final Executor reading;
	private final LongSupplier clock;
	private final Inbox.Reader reader;
	private final ClusterMeters meters;
	private volatile Inbox inbox;

	/** @param reading runs what belongs to the inbox */
	Mail(ClusterNodes nodes, Redis redis, Forwarder forwarder, Executor reading, LongSupplier clock, Inbox.Reader reader,
			ClusterMeters meters) {
		this.nodes = nodes;
		this.redis = redis;
		this.forwarder = forwarder;
		this.reading = reading;
		this.clock = clock;
		this.reader = reader;
		this.meters = meters;
		inbox = newInbox();
	}

	private Inbox newInbox() {
		return new Inbox(nodes, redis, reading, clock, reader, meters);
	}

	Inbox inbox() {
		return inbox;
	}

	@Override
	public void back() {
		nodes.live().stream().filter(node -> !node.equals(nodes.self())).forEach(node -> forwarder.send(new Letter.Mark(), node, _ -> {
		}));
	}

	@Override
	public void fenced(String before, String now) {
		inbox.close();
		inbox = newInbox();
	}

	@Override
	public void buried(String node) {
		inbox.forget(node);
	}

	@Override
	public void lostData() {
		inbox.readAgain();
	}
}
