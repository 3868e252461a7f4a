package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Some nodes, a Redis, a backend, and what goes wrong. The same seed and the same faults make the same run, to the last step. */
final class Simulation {
	private static final int NODES = 3;
	private static final int CONNECTIONS = 60;
	private static final long SECOND = 1000 * SimulatedTime.MILLI;
	private static final long FAULTS_END = 60 * SECOND;
	/** Time to bury, to inherit, to deliver, and to find what has been forgotten. */
	private static final long END = 150 * SECOND;

	private final SimulatedTime time;
	private final SimulatedRedis redis = new SimulatedRedis();
	private final Spot server = new Spot();
	private final SimulatedBackend backend;
	private final List<SimulatedNode> nodes = new ArrayList<>();
	private final List<SimulatedNode> killed = new ArrayList<>();
	private int started;
	private boolean loses;

	/** What can go wrong. */
	enum Kind {
		/** A node is killed, and another one started some time later. */
		KILL,
		/** A node stands still. */
		PAUSE,
		/** A node cannot reach Redis. */
		CUT,
		/** A node's connection breaks, and is made again at once. */
		BREAK,
		/** All commands of a node take long. */
		SLOW,
		/** Redis stands still. */
		REDIS_PAUSE,
		/** No node can reach Redis. */
		REDIS_AWAY,
		/** Redis is killed, and has nothing when it comes back. */
		REDIS_EMPTY,
		/** Redis falls back to what it held some time before. */
		REDIS_BACK
	}

	/**
	 * @param node   which one it hits
	 * @param at     nanoseconds
	 * @param length nanoseconds
	 */
	record Fault(Kind kind, int node, long at, long length) {
		@Override
		public String toString() {
			return kind + "(" + node + ") at " + at / SimulatedTime.MILLI + " ms for " + length / SimulatedTime.MILLI + " ms";
		}
	}

	Simulation(long seed) {
		this.time = new SimulatedTime(seed);
		this.backend = new SimulatedBackend(time);
	}

	/** Faults that belong to a seed. */
	static List<Fault> faults(long seed) {
		Random random = new Random(~seed);
		List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
		if (seed % 2 == 0) {
			kinds.removeAll(List.of(Kind.REDIS_EMPTY, Kind.REDIS_BACK)); // so that more can be asked of the end
		}
		List<Fault> faults = new ArrayList<>();
		int count = 1 + random.nextInt(5);
		for (int i = 0; i < count; i++) {
			long at = (long) (random.nextDouble() * (FAULTS_END - 5 * SECOND)) + 4 * SECOND;
			long length = random.nextInt(3) == 0 ? (long) (random.nextDouble() * 30 * SECOND) : (long) (random.nextDouble() * 2 * SECOND);
			faults.add(new Fault(kinds.get(random.nextInt(kinds.size())), random.nextInt(NODES), at, length));
		}
		return faults;
	}

	/** What went wrong; empty when nothing did. */
	static List<String> run(long seed, List<Fault> faults) {
		return new Simulation(seed).run(faults);
	}

	private List<String> run(List<Fault> faults) {
		for (int i = 0; i < NODES; i++) {
			nodes.add(start());
		}
		for (int i = 0; i < CONNECTIONS; i++) {
			int node = i % NODES;
			boolean stays = time.random.nextInt(4) > 0;
			long life = stays ? END : time.between(10, 40_000);
			time.at(time.between(0, 58_000), backend.spot, () -> connect(node, life));
		}
		faults.forEach(fault -> time.at(fault.at(), backend.spot, () -> begin(fault)));
		time.runUntil(END);
		check();
		return backend.wrong;
	}

	private SimulatedNode start() {
		return new SimulatedNode("n" + ++started, time, redis, server, backend);
	}

	private void connect(int node, long life) {
		SimulatedNode chosen = nodes.get(node);
		time.at(time.now(), chosen.spot, () -> chosen.connect(life));
	}

	private void begin(Fault fault) {
		SimulatedNode node = nodes.get(fault.node());
		long end = fault.at() + fault.length();
		switch (fault.kind()) {
			case KILL -> {
				node.spot.end();
				node.line.cut();
				killed.add(node);
				SimulatedNode fresh = start();
				nodes.set(fault.node(), fresh);
			}
			case PAUSE -> {
				node.spot.standStill();
				time.at(end, backend.spot, () -> time.goOn(node.spot));
			}
			case CUT -> {
				node.line.cut();
				time.at(end, backend.spot, () -> mend(node));
			}
			case BREAK -> node.line.reconnect();
			case SLOW -> {
				node.line.slowest = 900;
				time.at(end, backend.spot, () -> node.line.slowest = 3);
			}
			case REDIS_PAUSE -> {
				server.standStill();
				time.at(end, backend.spot, () -> time.goOn(server));
			}
			case REDIS_AWAY -> away(end, () -> {
			});
			case REDIS_EMPTY -> away(end, () -> {
				lost();
				redis.lose();
			});
			case REDIS_BACK -> {
				SimulatedRedis copy = redis.copy();
				time.at(fault.at() + Math.min(fault.length(), 2 * SECOND), backend.spot, () -> away(time.now() + SECOND, () -> {
					lost();
					redis.fallBackTo(copy);
				}));
			}
		}
	}

	private void mend(SimulatedNode node) {
		if (!killed.contains(node)) {
			node.line.mend();
		}
	}

	private void lost() {
		loses = true;
		backend.forgetful = true;
	}

	private void away(long end, Runnable before) {
		nodes.forEach(node -> node.line.cut());
		before.run();
		time.at(end, backend.spot, () -> nodes.forEach(this::mend));
	}

	/** Everything has healed long ago. */
	private void check() {
		if (!loses) {
			redis.burials.forEach((node, times) -> require(times == 1, node + " was buried " + times + " times"));
		}
		Set<String> held = nodes.stream().flatMap(node -> node.owes().stream()).collect(Collectors.toSet());
		for (String name : backend.accepted) {
			require(held.contains(name) || backend.ends.containsKey(name) || mayBeLost(name), name
					+ " has ended, and the backend has not heard of it");
		}
		redis.hashes.forEach(this::checkHash);
	}

	/** Its node was killed before Redis had it, or its node was dead when Redis lost what it held. */
	private boolean mayBeLost(String name) {
		String first = name.substring(0, name.indexOf('_'));
		SimulatedNode node = nodes.stream().filter(each -> each.firstName.equals(first)).findFirst().orElse(null);
		return loses ? node == null || !node.nodes.self().equals(first) : node == null && !redis.ever.contains(name);
	}

	private void checkHash(String home, Map<String, byte[]> hash) {
		SimulatedNode owner = nodes.stream().filter(node -> node.store.home().equals(home)).findFirst().orElse(null);
		Set<String> records = redis.records(home).keySet();
		if (owner == null) {
			require(records.isEmpty(), "dead " + home + " still has " + records);
		}
		else {
			require(records.equals(owner.owes()), home + " has " + records + " in Redis and " + owner.owes() + " in memory");
		}
	}

	private void require(boolean fine, String otherwise) {
		if (!fine) {
			backend.wrong.add(otherwise);
		}
	}
}
