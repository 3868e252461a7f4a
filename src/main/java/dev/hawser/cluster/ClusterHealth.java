package dev.hawser.cluster;

import java.util.Set;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down while this node cannot reach the others. Readiness and liveness do not include it: the node serves its own clients, and a restart
 * brings no Redis back.
 */
final class ClusterHealth implements HealthIndicator {
	private final ClusterNodes nodes;

	ClusterHealth(ClusterNodes nodes) {
		this.nodes = nodes;
	}

	@Override
	public Health health() {
		Set<String> foreign = nodes.table().foreign();
		return (nodes.isUp() ? Health.up() : Health.down()).withDetail("node", nodes.self()).withDetail("nodes", nodes.live().size())
				.withDetail("incompatible", foreign.size()).build();
	}
}
