package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What Redis holds and what its scripts do, in plain Java. {@link RedisScriptsTests} holds it to a real one. */
final class SimulatedRedis {
	private static final int PAGE = 3;
	private static final String EPOCH = "~epoch";
	private static final int ENTRIES_AT_ONCE = 128;

	final Spot spot = new Spot();
	/** Rises when another server takes its place: what was sent to the one before never arrives. */
	int server;
	/** Whether every command is refused. */
	boolean refuses;
	SimulatedInboxes.Bounds bounds = SimulatedInboxes.USUAL;
	/** How much its clock is ahead, in milliseconds. */
	long ahead;
	private SimulatedInboxes inboxes = new SimulatedInboxes();
	private Map<Place, Map<String, String>> places = new HashMap<>();
	/** Who waits for entries of an inbox. */
	private final Map<String, Runnable> waiting = new HashMap<>();
	Map<String, String> nodes = new HashMap<>();
	Map<String, SortedMap<String, byte[]>> hashes = new HashMap<>();
	Set<String> homes = new HashSet<>();
	/** The servers that have held this. */
	private Set<Integer> servers = new HashSet<>();
	/** When each node was buried last. */
	final Map<String, Long> buriedAt = new HashMap<>();
	/** How often each node was buried. */
	final Map<String, Integer> burials = new HashMap<>();
	/** Names of records that were there at some time. */
	final Set<String> ever = new HashSet<>();

	private SortedMap<String, byte[]> hash(String home) {
		return hashes.computeIfAbsent(home, _ -> new TreeMap<>());
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static Optional<OwedMark> mark(Map<String, byte[]> hash) {
		return Optional.ofNullable(hash.get("!")).map(OwedMark::of);
	}

	private static long number(Map<String, byte[]> hash) {
		return Long.parseLong(new String(hash.getOrDefault("#", bytes("0")), StandardCharsets.UTF_8));
	}

	Redis.Beat beat(String node, String record, long confirmed, String known, String epoch) {
		boolean isFirst = servers.isEmpty();
		if (servers.add(server) && !isFirst) {
			nodes.put(EPOCH, epoch + Redis.RENEWED);
		}
		String before = nodes.get(node);
		boolean isForgotten = before == null && confirmed > 0 && known.equals(nodes.get(EPOCH));
		if (!isForgotten && (before == null || !NodeRecord.isTombstone(before))) {
			long last = before == null ? 0 : counter(before);
			if (last < confirmed) {
				nodes.put(EPOCH, epoch);
			}
			if (last <= counter(record)) {
				nodes.put(node, record);
			}
		}
		nodes.putIfAbsent(EPOCH, epoch);
		Map<String, String> table = new HashMap<>(nodes);
		String now = table.remove(EPOCH);
		return new Redis.Beat(before, now == null ? "" : now, table);
	}

	private static long counter(String record) {
		return Objects.requireNonNull(NodeRecord.of(record)).counter();
	}

	boolean bury(String node, String seen, String tombstone) {
		if (!seen.equals(nodes.getOrDefault(node, ""))) {
			return false;
		}
		burials.merge(node, 1, Integer::sum);
		nodes.put(node, tombstone);
		return true;
	}

	String epoch() {
		return nodes.getOrDefault(EPOCH, "");
	}

	/** @param now nanoseconds */
	boolean append(String node, byte[] batch, long now) {
		boolean taken = inboxes.append(node, batch, now / SimulatedTime.MILLI + ahead, bounds);
		Runnable reader = taken ? waiting.remove(node) : null;
		if (reader != null) {
			reader.run();
		}
		return taken;
	}

	List<Redis.Entry> read(String node, String after) {
		return inboxes.after(node, after, ENTRIES_AT_ONCE);
	}

	/** @param then run when there is an entry more */
	void await(String node, Runnable then) {
		waiting.put(node, then);
	}

	long trim(String node, String before, long bytes) {
		return inboxes.trim(node, before, bytes);
	}

	/** @param itself whether the stream goes with its entries */
	void clear(String node, boolean itself) {
		inboxes.clear(node, itself);
	}

	long put(Place place, String node, @Nullable String value) {
		Map<String, String> there = places.computeIfAbsent(place, _ -> new HashMap<>());
		String before = value == null ? there.remove(node) : there.put(node, value);
		return before == null ? 1 : 0;
	}

	Map<Place, List<String>> nodesAt(Collection<Place> asked) {
		Map<Place, List<String>> found = new HashMap<>();
		asked.forEach(place -> found.put(place, List.copyOf(places.getOrDefault(place, Map.of()).keySet())));
		return found;
	}

	/** Whether the node was buried before this time. */
	boolean isBuriedBefore(String node, long time) {
		return NodeRecord.isTombstone(nodes.getOrDefault(node, "")) && buriedAt.getOrDefault(node, time) < time;
	}

	Optional<OwedMark> keep(String home, OwedBatch batch, Map<String, byte[]> puts) {
		Map<String, byte[]> hash = hash(home);
		if (mark(hash).isPresent()) {
			return mark(hash);
		}
		if (number(hash) < batch.confirmed()) {
			return Optional.of(new OwedMark(OwedMark.LOSS, number(hash)));
		}
		if (number(hash) >= batch.number()) {
			return Optional.empty();
		}
		change(hash, batch, puts);
		return Optional.empty();
	}

	Optional<OwedMark> keepAsHeir(String home, String heir, OwedBatch batch, Map<String, byte[]> puts) {
		Map<String, byte[]> hash = hash(home);
		OwedMark mark = mark(hash).orElse(new OwedMark("", 0));
		if (!mark.heir().equals(heir)) {
			return Optional.of(mark);
		}
		if (number(hash) < batch.number()) {
			change(hash, batch, puts);
		}
		return Optional.empty();
	}

	private void change(Map<String, byte[]> hash, OwedBatch batch, Map<String, byte[]> puts) {
		hash.put("#", bytes(Long.toString(batch.number())));
		batch.removes().forEach(record -> hash.remove(record.name));
		hash.putAll(puts);
		ever.addAll(puts.keySet());
	}

	OwedMark seal(String home) {
		Map<String, byte[]> hash = hash(home);
		return mark(hash).orElseGet(() -> marked(hash, "", number(hash)));
	}

	private static OwedMark marked(Map<String, byte[]> hash, String heir, long number) {
		hash.put("!", bytes(heir + '|' + number));
		return new OwedMark(heir, number);
	}

	OwedMark inherit(String home, String heir, String before) {
		Map<String, byte[]> hash = hash(home);
		OwedMark mark = mark(hash).orElse(new OwedMark("", number(hash)));
		if (!List.of("", heir, before).contains(mark.heir())) {
			return mark;
		}
		hash.put("#", bytes("0"));
		return marked(hash, heir, mark.lastBatch());
	}

	/** A few records from the one of this name on, and one twice: as HSCAN, it may show a record again, and leaves none out. */
	OwedRedis.Page page(String home, String cursor) {
		Map<String, byte[]> page = new LinkedHashMap<>();
		String next = "0";
		for (Map.Entry<String, byte[]> field : hash(home).tailMap(cursor.equals("0") ? "" : cursor).entrySet()) {
			if (!isRecord(field.getKey())) {
				continue;
			}
			if (page.size() == PAGE) {
				break;
			}
			page.put(field.getKey(), field.getValue());
			next = field.getKey();
		}
		return new OwedRedis.Page(page.size() < PAGE ? "0" : next, page);
	}

	private static boolean isRecord(String field) {
		return !field.equals("!") && !field.equals("#");
	}

	/** The records of a hash, without its own fields. */
	Map<String, byte[]> records(String home) {
		Map<String, byte[]> records = new LinkedHashMap<>(hash(home));
		records.keySet().removeIf(field -> !isRecord(field));
		return records;
	}

	boolean finish(String home) {
		if (hash(home).keySet().stream().anyMatch(SimulatedRedis::isRecord)) {
			return false;
		}
		if (mark(hash(home)).isEmpty()) {
			hashes.remove(home);
		}
		homes.remove(home);
		return true;
	}

	boolean claim(String home, String name, long firstBatch) {
		Map<String, byte[]> hash = hash(home);
		if (hash.remove(name) != null) {
			return true;
		}
		return mark(hash).filter(mark -> firstBatch > 0 && firstBatch <= mark.lastBatch()).isEmpty();
	}

	/** Everything is lost. */
	void lose() {
		nodes.clear();
		hashes.clear();
		homes.clear();
		servers.clear();
		inboxes.lose();
		places.clear();
	}

	/** What it holds now, to fall back to. */
	SimulatedRedis copy() {
		SimulatedRedis copy = new SimulatedRedis();
		copy.nodes.putAll(nodes);
		hashes.forEach((home, hash) -> copy.hashes.put(home, new TreeMap<>(hash)));
		copy.homes.addAll(homes);
		copy.servers.addAll(servers);
		copy.inboxes = inboxes.copy();
		places.forEach((place, there) -> copy.places.put(place, new HashMap<>(there)));
		return copy;
	}

	/** Another server is in its place. */
	void replace() {
		server++;
		waiting.clear();
	}

	/** As after a failover to a copy that was behind. */
	void fallBackTo(SimulatedRedis copy) {
		nodes = new HashMap<>(copy.nodes);
		hashes = new HashMap<>();
		copy.hashes.forEach((home, hash) -> hashes.put(home, new TreeMap<>(hash)));
		homes = new HashSet<>(copy.homes);
		servers = new HashSet<>(copy.servers);
		inboxes = copy.inboxes.copy();
		places = new HashMap<>();
		copy.places.forEach((place, there) -> places.put(place, new HashMap<>(there)));
	}
}
