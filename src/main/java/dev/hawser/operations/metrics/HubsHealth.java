package dev.hawser.operations.metrics;

import dev.hawser.connection.Hub;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Out of service when the hub {@code default} is full: new clients should connect to another node. A full named hub does not count:
 * it refuses its own clients only, and a small hub that is often full must not keep clients from the other hubs.
 */
final class HubsHealth implements HealthIndicator {
	private final List<Hub> hubs;

	HubsHealth(Collection<Hub> hubs) {
		this.hubs = List.copyOf(hubs);
	}

	@Override
	public Health health() {
		Map<String, Object> details = hubs.stream()
				.collect(Collectors.toMap(Hub::name, hub -> new Use(hub.size(), hub.settings().limits().connections(), hub.isFull())));
		boolean full = hubs.stream().anyMatch(hub -> hub.name().equals(Hub.DEFAULT) && hub.isFull());
		return (full ? Health.outOfService() : Health.up()).withDetails(details).build();
	}

	/**
	 * @param connections connections that are open now
	 * @param limit       most connections that may be open; 0 for any number
	 * @param full        whether new connections are refused
	 */
	record Use(int connections, int limit, boolean full) {
	}
}
