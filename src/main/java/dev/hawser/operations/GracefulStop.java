package dev.hawser.operations;

import org.springframework.context.SmartLifecycle;

/** Drains this node before any other part of the server stops. */
final class GracefulStop implements SmartLifecycle {
	private final Drain drain;
	private volatile boolean running;

	GracefulStop(Drain drain) {
		this.drain = drain;
	}

	@Override
	public void start() {
		running = true;
	}

	@Override
	public void stop() {
		try {
			drain.finish();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		running = false;
	}

	@Override
	public boolean isRunning() {
		return running;
	}

	/** The highest phase stops first, while both ports still answer. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}
}
