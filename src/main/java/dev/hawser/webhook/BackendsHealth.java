package dev.hawser.webhook;

import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while a backend does not take events. Readiness and liveness do not include it: a restart repairs no backend. */
final class BackendsHealth implements HealthIndicator {
	private final Supplier<Map<String, Backend.State>> states;

	/** @param states of all backends, by the property of their entry */
	BackendsHealth(Supplier<Map<String, Backend.State>> states) {
		this.states = states;
	}

	@Override
	public Health health() {
		Map<String, Backend.State> now = states.get();
		boolean up = now.values().stream().allMatch(state -> state == Backend.State.UP);
		return (up ? Health.up() : Health.down()).withDetails(now).build();
	}
}
