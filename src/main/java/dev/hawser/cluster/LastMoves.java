package dev.hawser.cluster;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** When the server stops: other nodes have got all connections that have left this one, before anything of it ends. */
final class LastMoves implements SmartLifecycle {
	private static final Duration LONGEST = Duration.ofSeconds(3);

	private final Moves moves;
	private volatile boolean running;

	LastMoves(Moves moves) {
		this.moves = moves;
	}

	@Override
	public void start() {
		running = true;
	}

	@Override
	public void stop() {
		try {
			moves.awaitTaken(LONGEST);
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

	/** After the drain, which has the highest phase, and before all else. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE - 1;
	}
}
