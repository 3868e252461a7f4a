package dev.hawser.cluster;

import dev.hawser.cluster.Schedule.Fault;
import dev.hawser.cluster.Schedule.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Some nodes, a Redis and a backend in one thread and without real time. The same schedule makes the same run, to the last step. Real are the
 * classes of the protocol, from the leases and the links to what is owed to backends; made up are time, threads, Redis and its connections, clients and
 * the backend.
 */
final class Simulation {
	private static final long SECOND = 1000 * SimulatedTime.MILLI;
	private static final long BURIED_WITHIN = 15 * SECOND;
	/** A stop comes in the middle of something. */
	private static final int MOST_BEFORE_STOP = 8;

	private final Schedule schedule;
	private final List<String> wrong = new ArrayList<>();
	private final SimulatedTime time;
	private final SimulatedRedis redis = new SimulatedRedis();
	private final SimulatedPost post;
	private final SimulatedBackend backend;
	private final SimulatedMeters meters = new SimulatedMeters();
	private final Map<String, String> leftOut = new TreeMap<>();
	private final SimulatedWorld world;
	private final List<SimulatedNode> nodes = new ArrayList<>();
	private final List<SimulatedNode> killed = new ArrayList<>();
	private final Set<String> processes = new TreeSet<>();
	private int started;
	private boolean loses;

	private Simulation(Schedule schedule) {
		this.schedule = schedule;
		this.time = new SimulatedTime(schedule.seed());
		this.backend = new SimulatedBackend(time, redis, wrong);
		this.post = new SimulatedPost(time, redis, wrong);
		this.world = new SimulatedWorld(time, redis, post, backend, meters, new SimulatedBurials(redis, wrong), leftOut, wrong);
	}

	/** What went wrong; empty when nothing did. */
	static List<String> run(Schedule schedule) {
		Simulation simulation = new Simulation(schedule);
		try {
			simulation.run();
		}
		catch (RuntimeException | AssertionError e) {
			simulation.wrong.add(e + " at " + List.of(e.getStackTrace()).subList(0, Math.min(6, e.getStackTrace().length)));
		}
		return simulation.wrong;
	}

	/** What can be seen of a run: of two runs of the same schedule it is the same. */
	static String trace(Schedule schedule) {
		Simulation simulation = new Simulation(schedule);
		simulation.run();
		return simulation.time.moments() + " moments, " + new TreeMap<>(simulation.redis.nodes) + ", " + simulation.post;
	}

	private void run() {
		for (int i = 0; i < schedule.nodes(); i++) {
			nodes.add(start());
		}
		schedule.visits().forEach(visit -> at(visit.at(), visit.node(), node -> node.connect(visit.life())));
		schedule.letters().forEach(some -> at(some.at(), some.node(), node -> {
			for (int i = 0; i < some.count(); i++) {
				node.send(some.way(), some.which(), this::members);
			}
		}));
		schedule.faults().forEach(fault -> time.at(fault.at(), backend.spot, () -> begin(fault)));
		time.runUntil(schedule.healed());
		check();
		checkLast();
	}

	private SimulatedNode start() {
		String name = "n" + ++started;
		processes.add(name);
		return new SimulatedNode(name, world, schedule.length().tick);
	}

	/** What a node does: not while it stands still. */
	private interface Deed {
		void of(SimulatedNode node);
	}

	private void at(long moment, int node, Deed deed) {
		time.at(moment, backend.spot, () -> {
			SimulatedNode chosen = nodes.get(node);
			time.at(time.now(), chosen.spot, () -> deed.of(chosen));
		});
	}

	/** The nodes of which all can know that they have members of the group. */
	private Set<String> members() {
		return nodes.stream().filter(node -> !node.spot.isGone() && node.isMember()).map(node -> node.nodes.self())
				.filter(name -> !redis.burials.containsKey(name)).collect(Collectors.toSet());
	}

	private void begin(Fault fault) {
		SimulatedNode node = nodes.get(fault.node());
		SimulatedLine line = node.line;
		if (fault.kind().isEnd() && schedule.isAlone(fault, BURIED_WITHIN)) {
			String name = node.nodes.self();
			time.at(fault.at() + BURIED_WITHIN, backend.spot, () -> require(redis.burials.containsKey(name), name + " is not buried after "
					+ fault));
		}
		switch (fault.kind()) {
			case KILL -> {
				node.spot.end();
				line.cut();
				killed.add(node);
				processes.remove(node.firstName);
				nodes.set(fault.node(), start());
			}
			case PAUSE -> during(fault, () -> stop(node), () -> time.goOn(node.spot));
			case STALL ->
				during(fault, () -> nodes.forEach(this::stop), () -> nodes.forEach(each -> time.at(time.now() + time.between(0, 500),
						backend.spot, () -> time.goOn(each.spot))));
			case CUT -> during(fault, line::cut, () -> mend(node));
			case DEAF -> during(fault, line.reading::cut, () -> mend(node));
			case MUTE -> during(fault, line.commands::cut, () -> mend(node));
			case BREAK -> line.reconnect();
			case SLOW -> during(fault, line.commands::slowDown, line.commands::hasten);
			case DOUBT -> during(fault, () -> line.doubtful = 40, () -> line.doubtful = 0);
			case REDIS_PAUSE -> during(fault, redis.spot::standStill, () -> time.goOn(redis.spot));
			case REDIS_AWAY -> away(fault.at() + fault.length());
			case REFUSED -> during(fault, () -> redis.refuses = true, () -> redis.refuses = false);
			case FULL -> during(fault, () -> redis.bounds = new SimulatedInboxes.Bounds(0, 0), () -> redis.bounds = SimulatedInboxes.USUAL);
			case EMPTIED -> redis.clear(node.nodes.self(), time.random.nextBoolean());
			case FLUSHED -> {
				lost();
				redis.lose();
			}
			case REDIS_EMPTY -> {
				away(fault.at() + fault.length());
				replaced(20_000);
				redis.lose();
			}
			case REDIS_BACK -> {
				SimulatedRedis copy = redis.copy();
				int server = redis.server;
				long late = Math.min(fault.length(), 2 * SECOND);
				time.at(fault.at() + late, backend.spot, () -> {
					if (redis.server == server) {
						away(time.now() + time.between(300, 1000));
						replaced(1_000);
						redis.fallBackTo(copy);
					}
				});
			}
		}
	}

	private void stop(SimulatedNode node) {
		node.spot.standStillAfter(time.random.nextInt(MOST_BEFORE_STOP));
	}

	private void during(Fault fault, Runnable begin, Runnable end) {
		begin.run();
		time.at(fault.at() + fault.length(), backend.spot, end);
	}

	private void mend(SimulatedNode node) {
		if (!killed.contains(node)) {
			node.line.mend();
		}
	}

	/** @param behind how many milliseconds the clock of the new server may be behind */
	private void replaced(int behind) {
		lost();
		redis.replace();
		redis.ahead += time.random.nextInt(-behind, 1_000);
	}

	private void lost() {
		loses = true;
		backend.forgetful = true;
	}

	private void away(long end) {
		nodes.forEach(node -> node.line.cut());
		time.at(end, backend.spot, () -> nodes.forEach(this::mend));
	}

	/** Everything has healed. */
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
		if (!schedule.has(Kind.EMPTIED)) { // of which nothing tells before the next batch
			post.checkAllKnown(live(), "when all is well again");
		}
	}

	/** Each node reaches each other one, and knows what it has missed before. */
	private void checkLast() {
		Map<SimulatedPost.Sent, Set<String>> last = new HashMap<>();
		for (SimulatedNode node : nodes) {
			Set<String> others = new TreeSet<>(live());
			others.remove(node.nodes.self());
			last.put(node.sendLast(), others);
		}
		time.runUntil(time.now() + 2 * SECOND);
		last.forEach(post::checkArrived);
		post.checkAllKnown(live(), "after the last letter");
		post.checkAllEnded(processes);
		post.checkCount(meters.lost);
		leftOut.keySet().retainAll(live());
		wrong.addAll(leftOut.values());
	}

	private Set<String> live() {
		return nodes.stream().map(node -> node.nodes.self()).collect(Collectors.toSet());
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
			wrong.add(otherwise);
		}
	}
}
