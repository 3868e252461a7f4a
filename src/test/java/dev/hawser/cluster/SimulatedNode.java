package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import dev.hawser.webhook.EventStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node with the real classes of the protocol, whose clients and backend are made up. */
final class SimulatedNode implements EventStore.Heir {
	private static final long TICK = 250 * SimulatedTime.MILLI;
	private static final String CLOSED = "5";
	private static final ClusterMeters METERS = new ClusterMeters(new SimpleMeterRegistry());

	private final SimulatedTime time;
	private final SimulatedBackend backend;
	final Spot spot = new Spot();
	final SimulatedLine line;
	final ClusterNodes nodes;
	final OwedStore store;
	final String firstName;
	private int names;
	private int connections;
	private final Map<String, SimulatedConnection> held = new HashMap<>();

	SimulatedNode(String name, SimulatedTime time, SimulatedRedis redis, Spot server, SimulatedBackend backend) {
		this.time = time;
		this.backend = backend;
		this.firstName = name;
		this.line = new SimulatedLine(time, redis, server, spot);
		this.nodes = new ClusterNodes(name, line, Runnable::run, time::now, () -> Instant.EPOCH, new ClusterNodes.Self() {
			@Override
			public String state() {
				return "up";
			}

			@Override
			public long connections() {
				return held.size();
			}

			@Override
			public String newName(String before) {
				return firstName + '.' + ++names;
			}

			@Override
			public void probe(String node) {
				// it is heard whenever Redis can be reached
			}
		}, name, METERS);
		this.store = new OwedStore(line, nodes, EventStore.NONE, () -> time.at(time.now(), spot, this::takeOver));
		nodes.add(store);
		store.start(this);
		tick(0);
	}

	private void tick(int number) {
		if (line.isUp()) {
			nodes.heard();
		}
		nodes.tick();
		if (number % 2 == 0) {
			store.tick();
		}
		time.at(time.now() + TICK, spot, () -> tick(number + 1));
	}

	private void takeOver() {
		store.takeOver();
	}

	/** Names of what this node has to tell. */
	Set<String> owes() {
		return held.values().stream().filter(each -> !each.isHandedOver()).map(SimulatedConnection::name).collect(Collectors.toSet());
	}

	/** A client connects; after some time it goes. */
	void connect(long life) {
		SimulatedConnection connection = new SimulatedConnection(firstName + '_' + ++connections);
		held.put(connection.name(), connection);
		var _ = store.putAwaited(connection).whenComplete((_, _) -> {
			if (!spot.isGone()) {
				backend.accepted(connection.name());
				time.at(time.now() + life, spot, () -> close(connection));
			}
		});
	}

	private void close(SimulatedConnection connection) {
		if (!connection.isHandedOver()) {
			connection.ends(CLOSED);
			var _ = store.putAwaited(connection).whenComplete((inRedis, _) -> {
				if (!Boolean.TRUE.equals(inRedis) && !connection.isHandedOver()) {
					backend.mayHearTwice(connection.name());
				}
				deliver(connection);
			});
		}
	}

	@Override
	public @Nullable SimulatedConnection inherit(String name, byte[] content) {
		SimulatedConnection left = SimulatedConnection.left(name, content);
		SimulatedConnection before = held.put(name, left);
		backend.inherited(this, name, before);
		time.at(time.now() + time.between(1000, 1300), spot, () -> deliver(left));
		return left;
	}

	@Override
	public boolean hasRoom() {
		return time.random.nextInt(10) > 0;
	}

	private void deliver(SimulatedConnection connection) {
		if (connection.isHandedOver()) {
			held.remove(connection.name(), connection);
			return;
		}
		time.at(time.now() + time.between(1, time.random.nextInt(20) == 0 ? 3000 : 30), backend.spot, () -> {
			boolean taken = backend.told(connection);
			time.at(time.now() + time.between(1, 30), spot, () -> answered(connection, taken));
		});
	}

	private void answered(SimulatedConnection connection, boolean taken) {
		if (!taken) {
			time.at(time.now() + time.between(1000, 1300), spot, () -> deliver(connection));
			return;
		}
		held.remove(connection.name(), connection);
		if (!connection.isHandedOver()) {
			store.remove(connection);
		}
	}
}
