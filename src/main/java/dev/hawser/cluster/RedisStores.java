package dev.hawser.cluster;

import dev.hawser.webhook.EventStore;
import dev.hawser.webhook.SharedLetters;
import dev.hawser.webhook.SharedStores;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is owed to backends, and dead letters, in Redis. */
final class RedisStores implements SharedStores, AutoCloseable {
	private final OwedRedis redis;
	private final SharedLetters letters;
	private final Nodes nodes;
	private final List<OwedTicks> ticking = new ArrayList<>();

	RedisStores(OwedRedis redis, SharedLetters letters, Nodes nodes) {
		this.letters = letters;
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
	public SharedLetters letters() {
		return letters;
	}

	@Override
	public void close() {
		ticking.forEach(OwedTicks::close);
	}
}
