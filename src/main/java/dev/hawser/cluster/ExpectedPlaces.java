package dev.hawser.cluster;

import dev.hawser.api.Target;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where connections will be that are on their way to this node: Redis is told as if they were there, so that what is sent gets here. Safe for
 * any thread, but for what says otherwise.
 */
final class ExpectedPlaces {
	private final PlaceCounts counts = new PlaceCounts();
	private @Nullable Registrations registrations;

	/** Called once, before all else. */
	void registerIn(Registrations all) {
		registrations = all;
	}

	private Registrations registrations() {
		return Objects.requireNonNull(registrations, "registerIn comes first");
	}

	/** Connections that a place is going to have. */
	int count(Place place) {
		return counts.of(place);
	}

	/** Whether the target has a connection that is on its way here. */
	boolean has(Target target) {
		return !counts.places().isEmpty() && switch (target) {
			case Target.Connection one -> counts.has(Place.ofConnection(one.connectionId()));
			case Target.Group group -> counts.has(new Place(Place.Kind.GROUP, group.hub(), group.name()));
			case Target.User user -> counts.places().stream().anyMatch(place -> place.kind() == Place.Kind.USER
					&& place.name().equals(user.userId()) && (user.hub() == null || place.hub().equals(user.hub())));
			case Target.Hub hub -> counts.places().stream().anyMatch(place -> hub.includes(place.hub()));
		};
	}

	void add(Collection<Place> places) {
		places.forEach(place -> {
			counts.add(place);
			registrations().changed(place);
		});
	}

	void remove(Collection<Place> places) {
		places.forEach(place -> {
			counts.remove(place);
			registrations().changed(place);
		});
	}

	/** Whether Redis knows. On the thread of the cluster. */
	boolean areWritten(Collection<Place> places) {
		return places.stream().allMatch(registrations()::isWritten);
	}
}
