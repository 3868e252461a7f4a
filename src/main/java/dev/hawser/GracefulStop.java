package dev.hawser;

import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Stops before everything else: readiness goes off, new handshakes get 503, every connection is closed with 1001, and the
 * closing handshakes are awaited up to a bound.
 */
final class GracefulStop implements SmartLifecycle {
	private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

	private final Connections connections;
	private final ApplicationContext context;
	private final Duration timeout;
	private volatile boolean running;
	private volatile boolean stopping;

	GracefulStop(Connections connections, ApplicationContext context, Duration timeout) {
		this.connections = connections;
		this.context = context;
		this.timeout = timeout;
	}

	/** Whether the server lets nobody in any more. */
	boolean isStopping() {
		return stopping;
	}

	@Override
	public void start() {
		running = true;
		stopping = false;
	}

	@Override
	public void stop() {
		stopping = true;
		AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
		int open = connections.size();
		LOG.info("Stopping: closing {} connections with {}", open, CloseReasons.SHUTDOWN.getCode());
		try {
			int left = connections.closeAll(CloseReasons.SHUTDOWN, timeout);
			LOG.info("Stopping: {} connections closed in good order, {} dropped", open - left, left);
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

	/** The highest phase is stopped first, while the web server still answers probes. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}
}
