package dev.hawser.operations;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while a selector or the timer wheel stands still: the connections that depend on it are stuck. */
final class EngineHealth implements HealthIndicator {
	private final StandStillWatch watch;

	EngineHealth(StandStillWatch watch) {
		this.watch = watch;
	}

	@Override
	public Health health() {
		List<String> standing = watch.standing();
		return standing.isEmpty() ? Health.up().build() : Health.down().withDetail("standing", standing).build();
	}
}
