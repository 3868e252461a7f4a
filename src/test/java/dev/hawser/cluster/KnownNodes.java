package dev.hawser.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A node's view of the cluster, which is what a test says. */
final class KnownNodes implements Nodes {
	private final Set<String> live;
	/** Nodes that this one does not understand. */
	final Set<String> foreign = none();
	private volatile String self;

	/** @param live shared by all nodes of the test */
	KnownNodes(String self, Set<String> live) {
		this.self = self;
		this.live = live;
		live.add(self);
	}

	static Set<String> none() {
		return ConcurrentHashMap.newKeySet();
	}

	void rename(String now) {
		self = now;
		live.add(now);
	}

	@Override
	public String self() {
		return self;
	}

	@Override
	public Set<String> live() {
		return live;
	}

	@Override
	public boolean isForeign(String node) {
		return foreign.contains(node);
	}

	@Override
	public void add(Listener listener) {
		// the test tells it
	}
}
