package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.cluster.SimulatedTime.Spot;
import dev.hawser.push.RemotePush.Trouble;
import dev.hawser.webhook.EventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node with the real classes of the protocol, whose clients and backend are made up. */
final class SimulatedNode implements EventStore.Heir, ClusterNodes.Self, Nodes.Listener, Inbox.Reader {
	private static final String CLOSED = "5";
	/** A node that beats finds out at its next beat that it was buried. */
	private static final long FINDS_OUT = 4 * BeatTimes.BEAT;
	private static final String HUB = "h";
	private static final Place GROUP = new Place(Place.Kind.GROUP, HUB, "g");

	private final SimulatedWorld world;
	private final SimulatedTime time;
	private final long tick;
	final Spot spot = new Spot();
	final SimulatedLine line;
	final ClusterNodes nodes;
	final OwedStore store;
	final String firstName;
	private final Forwarder forwarder;
	private final Mail mail;
	private final Registrations registrations;
	private final Set<String> knownDead = new HashSet<>();
	private int names;
	private int connections;
	private long probes;
	private final Map<String, SimulatedConnection> held = new HashMap<>();

	/** To whom a letter goes. */
	enum Way {
		HUB, GROUP, ONE, SEVERAL
	}

	/** @param tick nanoseconds from one tick to the next */
	SimulatedNode(String name, SimulatedWorld world, long tick) {
		this.world = world;
		this.time = world.time();
		this.tick = tick;
		this.firstName = name;
		this.line = new SimulatedLine(world, spot);
		Tasks thread = new SimulatedThread(time, spot);
		this.nodes = new ClusterNodes(name, line, thread, time::now, () -> Instant.EPOCH, this, name, world.meters());
		this.forwarder = new Forwarder(line, nodes, new Routing(line, nodes, () -> List.of(HUB)), thread, time::now, world.meters());
		this.mail = new Mail(nodes, line, forwarder, new SimulatedThread(time, spot), time::now, this, world.meters());
		this.registrations = new Registrations(line, nodes, _ -> 1, thread, time::now, nodes::mayPassOn);
		this.store = new OwedStore(line, nodes, EventStore.NONE, () -> time.at(time.now(), spot, this::takeOver));
		List.<Nodes.Listener>of(this, mail, forwarder, store).forEach(nodes::add);
		store.start(this);
		registrations.changed(GROUP);
		tick(0);
	}

	private void tick(int number) {
		nodes.tick();
		forwarder.tick();
		registrations.turn();
		mail.inbox().tick();
		long inHalfASecond = 500 * SimulatedTime.MILLI / tick;
		if (number % inHalfASecond == 0) {
			store.tick();
		}
		time.at(time.now() + tick, spot, () -> tick(number + 1));
	}

	private void takeOver() {
		store.takeOver();
	}

	// As the cluster does.

	@Override
	public String state() {
		return "up";
	}

	@Override
	public long connections() {
		return held.size();
	}

	@Override
	public boolean isRegistered() {
		return registrations.isComplete();
	}

	@Override
	public String newName(String before) {
		return firstName + '.' + ++names;
	}

	@Override
	public void probe(String node) {
		var _ = line.append(node, Batch.bytes(node, 0, List.of(new Letter.Probe(++probes).bytes())));
	}

	@Override
	public void back() {
		writeAll();
	}

	@Override
	public void fenced(String before, String now) {
		writeAll();
	}

	@Override
	public void lostData() {
		writeAll();
	}

	private void writeAll() {
		registrations.writeAll(() -> registrations.changed(GROUP));
	}

	@Override
	public void buried(String node) {
		knownDead.add(node);
	}

	@Override
	public void read(String source, Letter letter) {
		if (letter instanceof Letter.Probe) {
			nodes.probe().heard();
			return;
		}
		if (knownDead.contains(source)) {
			world.wrong().add(nodes.self() + " reads a letter of " + source + ", of whom it knows that it is dead");
		}
		world.post().read(nodes.self(), source, mail.inbox().last(source), letter instanceof Letter.Failed(long number) ? number : 0);
	}

	@Override
	public void lost(String source, long batches) {
		world.post().lost(nodes.self(), source, batches, mail.inbox().last(source));
	}

	// What callers do.

	/** Whether the other nodes can know that this one has members of the group. */
	boolean isMember() {
		return nodes.mayPassOn() && registrations.isWritten(GROUP) && registrations.isComplete();
	}

	/**
	 * Sends a letter.
	 *
	 * @param which    chooses, if it is not for all
	 * @param members  the nodes of the group of which all can know
	 */
	void send(Way way, int which, Supplier<Set<String>> members) {
		List<String> others = new ArrayList<>(new TreeSet<>(nodes.live()));
		others.remove(nodes.self());
		if (others.isEmpty()) {
			return;
		}
		String one = others.get(which % others.size());
		SimulatedPost.Sent sent = world.post().begin(firstName, way == Way.ONE ? one : null);
		Letter letter = new Letter.Failed(sent.number);
		String self = nodes.self();
		String buried = world.redis().isBuriedBefore(self, time.now() - FINDS_OUT) ? self : "";
		Set<String> before = way == Way.GROUP ? members.get() : Set.of();
		switch (way) {
			case HUB -> forwarder.send(letter, Target.hub(HUB), outcome -> ended(sent, buried, outcome));
			case GROUP -> forwarder.send(letter, Target.group(HUB, GROUP.name()), outcome -> {
				ended(sent, buried, outcome);
				Set<String> leftOut = new TreeSet<>(before);
				leftOut.retainAll(members.get());
				leftOut.removeAll(outcome.nodes());
				leftOut.remove(nodes.self());
				leftOut.retainAll(nodes.live()); // one that has begun since the last beat is not known yet
				if (outcome.trouble() == Trouble.NONE) {
					leftOut.forEach(without -> world.leftOut().put(without,
							nodes.self() + " leaves out " + without + " with letter " + sent.number));
				}
			});
			case ONE -> forwarder.send(letter, one, outcome -> ended(sent, buried, outcome));
			case SEVERAL -> forwarder.send(letter, Set.copyOf(List.of(one, others.getLast())), outcome -> ended(sent, buried, outcome));
		}
	}

	/** @param buried the name of this node, if it was buried long before it was to send the letter */
	private void ended(SimulatedPost.Sent sent, String buried, Outgoing outcome) {
		if (buried.equals(nodes.self()) && !outcome.nodes().isEmpty()) {
			world.wrong().add(buried + " is told that others have letter " + sent.number + ", although it was buried before");
		}
		world.post().ended(nodes.self(), sent, outcome);
	}

	/** Sends a letter to all others. */
	SimulatedPost.Sent sendLast() {
		SimulatedPost.Sent sent = world.post().begin(firstName, null);
		forwarder.send(new Letter.Failed(sent.number), Target.hub(HUB), outcome -> ended(sent, "", outcome));
		return sent;
	}

	// What a backend is told.

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
				world.backend().accepted(connection.name());
				time.at(time.now() + life, spot, () -> close(connection));
			}
		});
	}

	private void close(SimulatedConnection connection) {
		if (!connection.isHandedOver()) {
			connection.ends(CLOSED);
			var _ = store.putAwaited(connection).whenComplete((inRedis, _) -> {
				if (!Boolean.TRUE.equals(inRedis) && !connection.isHandedOver()) {
					world.backend().mayHearTwice(connection.name());
				}
				deliver(connection);
			});
		}
	}

	@Override
	public @Nullable SimulatedConnection inherit(String name, byte[] content) {
		SimulatedConnection left = SimulatedConnection.left(name, content);
		SimulatedConnection before = held.put(name, left);
		world.backend().inherited(this, name, before);
		time.at(time.now() + time.between(1000, 1300), spot, () -> deliver(left));
		return left;
	}

	@Override
	public boolean hasRoom() {
		return !time.oneIn(10);
	}

	private void deliver(SimulatedConnection connection) {
		if (connection.isHandedOver()) {
			held.remove(connection.name(), connection);
			return;
		}
		time.at(time.now() + time.between(1, time.oneIn(20) ? 3000 : 30), world.backend().spot, () -> {
			boolean taken = world.backend().told(connection);
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
