package dev.hawser.cluster;

import dev.hawser.webhook.EventStore;
import dev.hawser.webhook.SharedStores;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is owed to backends in Redis. */
final class RedisStores implements SharedStores, AutoCloseable {
	private final OwedRedis redis;
	private final Nodes nodes;
	private final List<OwedTicks> ticking = new ArrayList<>();

	RedisStores(OwedRedis redis, Nodes nodes) {
		this.redis = redis;
		this.nodes = nodes;
	}

	@Override
	public EventStore events(EventStore local) {
		OwedTicks ticks = new OwedTicks();
		OwedStore store = new OwedStore(redis, nodes, local, ticks::wake);
		nodes.add(store);
		ticking.add(ticks.start(store));
		return store;
	}

	@Override
	public void close() {
		ticking.forEach(OwedTicks::close);
	}
}
