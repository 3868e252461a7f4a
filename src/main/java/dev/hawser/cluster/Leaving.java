package dev.hawser.cluster;

import org.springframework.context.SmartLifecycle;

/** When the server stops: this node leaves its cluster while Redis can still be reached, so that no other has to bury it. */
final class Leaving implements SmartLifecycle {
	private final Cluster cluster;
	private volatile boolean running;

	Leaving(Cluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public void start() {
		running = true;
	}

	@Override
	public void stop() {
		cluster.close();
		running = false;
	}

	@Override
	public boolean isRunning() {
		return running;
	}

	/** After all that serves clients, and before the client of Redis, whose phase is 0. */
	@Override
	public int getPhase() {
		return 1;
	}
}
