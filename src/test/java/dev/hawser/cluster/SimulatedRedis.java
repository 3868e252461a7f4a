package dev.hawser.cluster;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What Redis holds and what its scripts do, in plain Java. {@link RedisScriptsTests} holds it to a real one. */
final class SimulatedRedis {
	private static final int PAGE = 3;

	Map<String, String> nodes = new HashMap<>();
	Map<String, Map<String, byte[]>> hashes = new HashMap<>();
	Set<String> homes = new HashSet<>();
	/** How often each node was buried. */
	final Map<String, Integer> burials = new HashMap<>();
	/** Names of records that were there at some time. */
	final Set<String> ever = new HashSet<>();

	private Map<String, byte[]> hash(String home) {
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

	Redis.Beat beat(String node, String record, long confirmed, String epoch) {
		String before = nodes.get(node);
		if (before == null || !NodeRecord.isTombstone(before)) {
			long known = before == null ? 0 : counter(before);
			if (known < confirmed) {
				nodes.put("~epoch", epoch);
			}
			if (known <= counter(record)) {
				nodes.put(node, record);
			}
		}
		nodes.putIfAbsent("~epoch", epoch);
		Map<String, String> table = new HashMap<>(nodes);
		String known = table.remove("~epoch");
		return new Redis.Beat(before, known == null ? "" : known, table);
	}

	private static long counter(String record) {
		return Objects.requireNonNull(NodeRecord.of(record)).counter();
	}

	boolean bury(String node, String seen, String tombstone) {
		if (!seen.equals(nodes.get(node))) {
			return false;
		}
		burials.merge(node, 1, Integer::sum);
		nodes.put(node, tombstone);
		return true;
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
		hash.put("#", bytes(Long.toString(batch.number())));
		return Optional.empty();
	}

	Optional<OwedMark> keepAsHeir(String home, String heir, OwedBatch batch, Map<String, byte[]> puts) {
		Map<String, byte[]> hash = hash(home);
		OwedMark mark = mark(hash).orElse(new OwedMark("", 0));
		if (!mark.heir().equals(heir)) {
			return Optional.of(mark);
		}
		change(hash, batch, puts);
		return Optional.empty();
	}

	private void change(Map<String, byte[]> hash, OwedBatch batch, Map<String, byte[]> puts) {
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
		return mark.heir().isEmpty() || mark.heir().equals(before) ? marked(hash, heir, mark.lastBatch()) : mark;
	}

	/** A few records from the one of this name on, and one twice: as HSCAN, it may show a record again, and leaves none out. */
	OwedRedis.Page page(String home, String cursor) {
		Map<String, byte[]> page = new LinkedHashMap<>();
		String next = "0";
		for (Map.Entry<String, byte[]> record : records(home).entrySet()) {
			boolean beyond = cursor.equals("0") || record.getKey().compareTo(cursor) >= 0;
			if (beyond && page.size() == PAGE) {
				break;
			}
			if (beyond) {
				page.put(record.getKey(), record.getValue());
				next = record.getKey();
			}
		}
		return new OwedRedis.Page(page.size() < PAGE ? "0" : next, page);
	}

	/** The records of a hash, without its own fields. */
	Map<String, byte[]> records(String home) {
		Map<String, byte[]> records = new LinkedHashMap<>(hash(home));
		records.keySet().removeAll(Set.of("!", "#"));
		return records;
	}

	boolean finish(String home) {
		if (!records(home).isEmpty()) {
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
	}

	/** What it holds now, to fall back to. */
	SimulatedRedis copy() {
		SimulatedRedis copy = new SimulatedRedis();
		copy.nodes.putAll(nodes);
		hashes.forEach((home, hash) -> copy.hashes.put(home, new TreeMap<>(hash)));
		copy.homes.addAll(homes);
		return copy;
	}

	/** As after a failover to a copy that was behind. */
	void fallBackTo(SimulatedRedis copy) {
		nodes = new HashMap<>(copy.nodes);
		hashes = new HashMap<>();
		copy.hashes.forEach((home, hash) -> hashes.put(home, new TreeMap<>(hash)));
		homes = new HashSet<>(copy.homes);
	}
}
