package dev.hawser.operations;

import dev.hawser.operations.Drain.Progress;
import dev.hawser.operations.Drain.State;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Out of service while this node is drained. */
final class DrainHealth implements HealthIndicator {
	private final Drain drain;

	DrainHealth(Drain drain) {
		this.drain = drain;
	}

	@Override
	public Health health() {
		Progress progress = drain.progress();
		return (progress.state() == State.SERVING ? Health.up() : Health.outOfService()).withDetail("state", progress.state())
				.withDetail("connections", progress.open()).build();
	}
}
