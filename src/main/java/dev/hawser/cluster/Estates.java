package dev.hawser.cluster;

import dev.hawser.cluster.OwedRedis.Page;
import dev.hawser.webhook.EventStore.Kept;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The dead nodes, and who delivers what they owe. A node is known to be dead when it was buried, and taken for dead when it has records
 * and takes no part for some time: it has left, or Redis has forgotten its burial. Used under its store's lock.
 */
final class Estates {
	private static final int TICKS_PER_LOOK = 10;
	/** Looks in a row in which a node with records takes no part. */
	private static final int LOOKS_WITHOUT = 3;
	/** Ticks in a row in which an heir takes no part. */
	private static final int TICKS_WITHOUT = 6;

	private final OwedRedis redis;
	private final Nodes nodes;
	private final OwedLock lock;
	private final Runnable arrived;
	private final Map<String, Estate> byNode = new LinkedHashMap<>();
	private final Map<String, Integer> absent = new HashMap<>();
	private int ticks;

	/** @param arrived run, under the lock, when records have come that are to be taken over */
	Estates(OwedRedis redis, Nodes nodes, OwedLock lock, Runnable arrived) {
		this.redis = redis;
		this.nodes = nodes;
		this.lock = lock;
		this.arrived = arrived;
	}

	/** The records of a dead node that this one delivers, of which one has this name; null for none. */
	@Nullable
	OwedRecords with(String name) {
		for (Estate estate : byNode.values()) {
			if (estate.records != null && estate.records.get(name) != null) {
				return estate.records;
			}
		}
		return null;
	}

	/** The dead nodes that this one is the heir of. */
	List<Estate> mine() {
		return byNode.values().stream().filter(Estate::isMine).toList();
	}

	/** The node is dead. */
	void add(String node) {
		byNode.computeIfAbsent(node, Estate::new);
	}

	/** What this node has inherited is its own now, and burials are forgotten: what Redis still has of the dead is found again. */
	void forgetAll() {
		byNode.clear();
	}

	/** This node is dead itself, and the heir of none. */
	void dropAll() {
		byNode.values().forEach(estate -> estate.becomeOthers(""));
		byNode.clear();
		absent.clear();
	}

	/** Another node writes these records. */
	void lost(OwedRecords records, OwedMark mark) {
		byNode.values().stream().filter(estate -> estate.records == records).forEach(estate -> estate.becomeOthers(mark.heir()));
	}

	/** Asks Redis what there is to ask, twice a second. */
	void tick() {
		byNode.values().forEach(this::ask);
		if (ticks++ % TICKS_PER_LOOK == 0) {
			look();
		}
	}

	private void ask(Estate estate) {
		if (!estate.asking && !estate.isMine()) {
			boolean isCurrent = nodes.isCurrent(); // otherwise an heir that has just begun seems to take no part, to this node or of it
			estate.alone = takesPart(estate.heir) || !isCurrent ? 0 : estate.alone + 1;
			if (isCurrent && (estate.heir.isEmpty() || estate.alone > TICKS_WITHOUT)) {
				String self = nodes.self();
				answered(estate, redis.inherit(estate.of, self, estate.heir), mark -> inherited(estate, self, mark));
			}
		}
		readOn(estate);
	}

	/** Asks for more of an estate of this node, if there is more. */
	void readOn(Estate estate) {
		if (estate.asking || !estate.isMine()) {
			return;
		}
		if (estate.isDone()) {
			answered(estate, redis.finish(estate.of), done -> finished(estate, done));
		}
		else if (estate.cursor != null && estate.page == null) {
			answered(estate, redis.page(estate.of, estate.cursor), page -> read(estate, page));
		}
	}

	private <T> void answered(Estate estate, CompletionStage<T> question, Consumer<T> then) {
		estate.asking = true;
		var _ = question.whenComplete(lock.then((answer, _) -> {
			estate.asking = false;
			if (answer != null && byNode.get(estate.of) == estate) {
				then.accept(answer);
			}
		}));
	}

	private void inherited(Estate estate, String self, OwedMark mark) {
		estate.alone = 0;
		if (mark.heir().equals(self) && nodes.self().equals(self)) {
			estate.becomeMine(self);
		}
		else {
			estate.becomeOthers(mark.heir());
		}
	}

	private void read(Estate estate, Page page) {
		if (estate.isMine()) {
			estate.page = page;
			estate.cursor = page.next().equals("0") ? null : page.next();
			arrived.run();
		}
	}

	private void finished(Estate estate, boolean done) {
		if (done) {
			byNode.remove(estate.of);
		}
		else if (estate.isMine()) {
			estate.cursor = "0";
		}
	}

	/** Looks for nodes with records that take no part. */
	private void look() {
		var _ = redis.homes().whenComplete(lock.then((homes, _) -> {
			if (homes != null) {
				found(homes);
			}
		}));
	}

	private void found(Set<String> homes) {
		absent.keySet().retainAll(homes);
		if (!nodes.isCurrent()) {
			return;
		}
		byNode.values().removeIf(estate -> !estate.isMine() && !estate.heir.isEmpty() && !homes.contains(estate.of));
		for (String home : homes) {
			if (takesPart(home.split(OwedWriter.AGAIN, 2)[0]) && !homes.contains(OwedWriter.nextHome(home))) {
				absent.remove(home);
			}
			else if (!byNode.containsKey(home) && absent.merge(home, 1, Integer::sum) >= LOOKS_WITHOUT) {
				absent.remove(home);
				add(home);
			}
		}
	}

	/** A node of a version that this one does not understand delivers what it owes itself, or leaves it to one that does. */
	private boolean takesPart(String node) {
		return nodes.isLive(node) || nodes.isForeign(node);
	}

	/** The next record to take over; null for none. */
	Map.@Nullable Entry<String, byte[]> next(Estate estate) {
		if (estate.page == null) {
			return null;
		}
		Iterator<Map.Entry<String, byte[]>> rest = estate.page.records().entrySet().iterator();
		if (rest.hasNext()) {
			return rest.next();
		}
		estate.page = null;
		return null;
	}

	/** The record has been taken over, or there is nothing to deliver in it. */
	void took(Estate estate, String name, @Nullable Kept kept) {
		if (estate.page != null) {
			estate.page.records().remove(name);
		}
		if (estate.records == null) {
			if (kept != null) {
				kept.handedOver();
			}
		}
		else if (kept != null) {
			estate.records.putAgain(kept);
		}
		else if (estate.records.get(name) == null) {
			estate.records.removeUnknown(name);
		}
	}
}
