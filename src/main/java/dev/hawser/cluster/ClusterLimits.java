package dev.hawser.cluster;

import dev.hawser.connection.Hub;
import dev.hawser.connection.MembershipListener;
import dev.hawser.connection.SharedLimits;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of users and addresses on all nodes, with what {@link Registrations} writes. A handshake takes its places before
 * its connection is open, so that two that come at the same time, on whichever nodes, do not both get the last one. Safe for any thread.
 */
final class ClusterLimits implements SharedLimits, MembershipListener {
	private static final Duration PATIENCE = Duration.ofMillis(500);
	/** For how long a place waits for its connection. */
	private static final long LONGEST = Duration.ofMinutes(1).toNanos();

	private final Registrations registrations;
	private final BooleanSupplier mayAsk;
	private final LongSupplier clock;
	private final ClusterMeters meters;
	private final Map<Long, Taken> taken = new ConcurrentHashMap<>();
	/** The hubs that had a handshake. */
	private final Map<String, Hub> hubs = new ConcurrentHashMap<>();
	/** The hubs whose addresses are counted. */
	private final Set<String> counted = ConcurrentHashMap.newKeySet();

	/** @param mayAsk whether Redis would answer */
	ClusterLimits(Registrations registrations, BooleanSupplier mayAsk, LongSupplier clock, ClusterMeters meters) {
		this.registrations = registrations;
		this.mayAsk = mayAsk;
		this.clock = clock;
		this.meters = meters;
	}

	/** A place that a handshake wants, and whether it has got it. */
	private record Wanted(ConnectionLimit limit, Place place, CompletableFuture<Boolean> answer) {
	}

	private record Taken(long since, List<Wanted> wanted) {
	}

	@Override
	public boolean areAskedFor(Hub hub) {
		LimitSettings limits = hub.settings().limits();
		return (limits.perUser() > 0 || limits.perAddress() > 0) && mayAsk.getAsBoolean();
	}

	@Override
	public void take(Hub hub, long fd, @Nullable String userId, @Nullable ClientAddress address) {
		giveBack(fd);
		LimitSettings limits = hub.settings().limits();
		hubs.putIfAbsent(hub.name(), hub);
		boolean ofUser = userId != null && limits.perUser() > 0;
		boolean ofAddress = address != null && limits.perAddress() > 0;
		if (!ofUser && !ofAddress) {
			return;
		}
		if (!mayAsk.getAsBoolean()) {
			meters.limitedHere();
			return;
		}
		List<Wanted> wanted = new ArrayList<>(2);
		if (userId != null && ofUser) {
			wanted.add(want(ConnectionLimit.USER, new Place(Place.Kind.USER, hub.name(), userId), limits.perUser()));
		}
		if (address != null && ofAddress) {
			countAddresses(hub);
			Place place = new Place(Place.Kind.ADDRESS, hub.name(), ClientAddress.name(address.key()));
			wanted.add(want(ConnectionLimit.ADDRESS, place, limits.perAddress()));
		}
		taken.put(fd, new Taken(clock.getAsLong(), wanted));
	}

	private Wanted want(ConnectionLimit limit, Place place, int most) {
		return new Wanted(limit, place, registrations.enter(place, most));
	}

	@Override
	public @Nullable ConnectionLimit await(long fd) {
		Taken known = taken.get(fd);
		if (known == null) {
			return null;
		}
		long end = System.nanoTime() + (Thread.currentThread().isVirtual() ? PATIENCE.toNanos() : 0);
		for (Wanted one : known.wanted) {
			try {
				if (!one.answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					return one.limit;
				}
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
				return null;
			}
			catch (ExecutionException | TimeoutException e) {
				meters.limitedHere();
				return null;
			}
		}
		return null;
	}

	@Override
	public void giveBack(long fd) {
		end(fd).forEach(one -> registrations.leave(one.place, one.answer));
	}

	@Override
	public void userChanged(String hub, String userId) {
		registrations.userChanged(hub, userId);
	}

	@Override
	public void groupChanged(String hub, String group) {
		registrations.groupChanged(hub, group);
	}

	@Override
	public void connectionChanged(String connectionId) {
		registrations.connectionChanged(connectionId);
	}

	@Override
	public void opening(long fd) {
		end(fd).forEach(one -> registrations.opened(one.place, one.answer));
	}

	private List<Wanted> end(long fd) {
		Taken known = taken.remove(fd);
		return known == null ? List.of() : known.wanted;
	}

	/** The number of connections from the address of a place; 0 when its hub has no limit for addresses. */
	int ofAddress(Place place) {
		Hub hub = hubs.get(place.hub());
		return hub == null || hub.settings().limits().perAddress() == 0 ? 0 : hub.openFrom(ClientAddress.named(place.name()));
	}

	/** Called about ten times a second, on the thread of the cluster: gives back what no connection came for, and sees new settings. */
	void tick() {
		long before = clock.getAsLong() - LONGEST;
		taken.forEach((fd, known) -> {
			if (known.since - before < 0) {
				giveBack(fd);
			}
		});
		hubs.values().forEach(this::countAddresses);
	}

	/** Begins to count the addresses of a hub that has a limit for them, or ends it for one that has none any more. */
	private void countAddresses(Hub hub) {
		boolean wanted = hub.settings().limits().perAddress() > 0;
		if (wanted && counted.add(hub.name())) {
			hub.tellOfAddresses(name -> addressChanged(hub, name));
		}
		else if (!wanted && counted.remove(hub.name())) {
			hub.tellOfAddressesOnceMore(name -> addressChanged(hub, name));
		}
	}

	/** Everything is to be written again. On the thread of the cluster. */
	void writeAll() {
		hubs.values().stream().filter(hub -> counted.contains(hub.name()))
				.forEach(hub -> hub.tellOfAddresses(name -> addressChanged(hub, name)));
	}

	private void addressChanged(Hub hub, String name) {
		registrations.changed(new Place(Place.Kind.ADDRESS, hub.name(), name));
	}
}
