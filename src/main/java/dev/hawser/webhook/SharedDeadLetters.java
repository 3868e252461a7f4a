package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetters.Numbered;
import dev.hawser.webhook.SharedLetters.Fresh;
import dev.hawser.webhook.SharedLetters.Known;
import dev.hawser.webhook.SharedLetters.Sums;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dead letters of all nodes, in a place that all of them see. What cannot get there now is kept by this node, and moved there as soon
 * as it can be; while the place cannot be reached, this node shows only those.
 */
final class SharedDeadLetters implements Letters {
	private static final Logger LOG = LoggerFactory.getLogger(SharedDeadLetters.class);
	private static final JsonMapper JSON = JsonMapper.shared();
	private static final long LONGEST_WAIT_MILLIS = 2_000;
	private static final int PAGE = 200;
	private static final int ROUNDS_PER_LOOK = 5;
	private static final long MICROS_PER_MILLI = 1_000;

	private final DeadLetters local;
	private final SharedLetters shared;
	private final long largest;
	private final WebhookMeters meters;
	private final DeadLettersLog log = new DeadLettersLog();
	private final AtomicBoolean moving = new AtomicBoolean();
	private volatile Map<String, Integer> known = Map.of();
	private int rounds;

	/**
	 * @param local   keeps what cannot be shared now
	 * @param largest most bytes of all letters together
	 */
	SharedDeadLetters(DeadLetters local, SharedLetters shared, long largest, WebhookMeters meters) {
		this.local = local;
		this.shared = shared;
		this.largest = largest;
		this.meters = meters;
	}

	/** Null when it is not known in time. */
	private static <T> @Nullable T result(CompletionStage<T> stage) throws InterruptedException {
		try {
			return stage.toCompletableFuture().get(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException e) {
			return null;
		}
	}

	/** As {@link #result}, for a caller that is not to be interrupted. */
	private static <T> @Nullable T answer(CompletionStage<T> stage) {
		try {
			return result(stage);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

	@Override
	public void add(List<DeadLetter> fresh) throws InterruptedException {
		if (!share(fresh)) {
			local.add(fresh);
			return;
		}
		fresh.forEach(letter -> meters.died(letter.event().of().hub(), letter.why()));
		log.add(fresh);
		look();
	}

	private boolean share(Collection<DeadLetter> fresh) throws InterruptedException {
		List<Fresh> all = fresh.stream().map(letter -> new Fresh(letter.event().uniqueId(), letter.event().of().hub(),
				letter.since().toEpochMilli() * MICROS_PER_MILLI, JSON.writeValueAsBytes(letter))).toList();
		List<String> lost = result(shared.add(all, largest));
		if (lost != null) {
			lost.forEach(hub -> meters.lost(hub, 1));
		}
		return lost != null;
	}

	@Override
	public boolean remove(long id) {
		Boolean removed = answer(shared.remove(id));
		look();
		return Boolean.TRUE.equals(removed) || local.remove(id);
	}

	@Override
	public int discard(@Nullable String hub) {
		int count = local.discard(hub);
		long last = highest();
		for (List<Numbered> page = list(hub, 0, PAGE); !page.isEmpty() && page.getFirst().id() <= last; page = list(hub, 0, PAGE)) {
			int before = count;
			for (Numbered one : page) {
				count += one.id() <= last && remove(one.id()) ? 1 : 0;
			}
			if (count == before) { // the place cannot be reached any more
				break;
			}
		}
		return count;
	}

	@Override
	public long highest() {
		Sums sums = answer(shared.sums());
		return Math.max(local.highest(), sums == null ? 0 : sums.highest());
	}

	@Override
	public void tried(long id, String result) {
		byte[] before = bytes(id);
		Numbered one = before == null ? null : read(id, before);
		if (before == null || one == null) {
			local.tried(id, result);
		}
		else {
			var _ = answer(shared.replace(id, before, JSON.writeValueAsBytes(one.letter().tried(result))));
		}
	}

	private byte @Nullable [] bytes(long id) {
		var found = answer(shared.get(id));
		return found == null ? null : found.orElse(null);
	}

	@Override
	public @Nullable Numbered get(long id) {
		byte[] json = bytes(id);
		return json == null ? local.get(id) : read(id, json);
	}

	private static @Nullable Numbered read(long id, byte[] json) {
		try {
			return new Numbered(id, JSON.readValue(json, DeadLetter.class), json.length);
		}
		catch (JacksonException e) {
			LOG.error("A dead letter cannot be read and is skipped");
			return null;
		}
	}

	@Override
	public List<Numbered> list(@Nullable String hub, long after, int most) {
		List<Numbered> page = new ArrayList<>();
		long from = after;
		while (page.size() < most) {
			List<Known> some = answer(shared.list(from, Math.min(PAGE, most)));
			if (some == null) {
				return local.list(hub, after, most);
			}
			if (some.isEmpty()) {
				break;
			}
			from = some.getLast().id();
			for (Known each : some) {
				Numbered one = read(each.id(), each.letter());
				if (one != null && page.size() < most && (hub == null || one.letter().event().of().hub().equals(hub))) {
					page.add(one);
				}
			}
		}
		return page;
	}

	@Override
	public int count(String hub) {
		return known.getOrDefault(hub, 0) + local.count(hub);
	}

	@Override
	public Map<String, Integer> counts() {
		Sums sums = answer(shared.sums());
		Map<String, Integer> all = new HashMap<>(local.counts());
		if (sums != null) {
			sums.byHub().forEach((hub, count) -> all.merge(hub, count, Integer::sum));
		}
		return all;
	}

	@Override
	public long bytes() {
		Sums sums = answer(shared.sums());
		return local.bytes() + (sums == null ? 0 : sums.bytes());
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	private void look() {
		var _ = shared.sums().thenAccept(sums -> known = sums.byHub());
	}

	@Override
	public void log() {
		log.write();
		local.log();
		if (rounds++ % ROUNDS_PER_LOOK == 0) {
			look();
		}
		if (!local.counts().isEmpty() && moving.compareAndSet(false, true)) {
			Thread.ofVirtual().name("hawser-webhook-dead").start(this::move);
		}
	}

	/** Moves what this node has kept to the place that all see. */
	private void move() {
		try {
			List<Numbered> page = local.list(null, 0, PAGE);
			while (!page.isEmpty() && share(page.stream().map(Numbered::letter).toList())) {
				page.forEach(one -> local.remove(one.id()));
				page = local.list(null, 0, PAGE);
			}
			look();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		finally {
			moving.set(false);
		}
	}

	@Override
	public void close() {
		log.write();
		local.close();
	}
}
