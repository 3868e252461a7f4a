package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolTests {
	private final AtomicInteger made = new AtomicInteger();

	/** An object in a pool; equal only to itself. */
	private static final class Item {
		/** Whether a thread has taken the object. */
		final AtomicBoolean used = new AtomicBoolean();
	}

	private Pool<Item> pool(int kept, int processors) {
		return new Pool<>(kept, () -> {
			made.incrementAndGet();
			return new Item();
		}, processors);
	}

	private static List<Item> take(Pool<Item> pool, int count) {
		List<Item> items = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			items.add(pool.take());
		}
		return items;
	}

	@Test
	void givesTheObjectAgainThatWasGivenBackLast() {
		Pool<Item> pool = pool(4, 1);
		List<Item> items = take(pool, 2);
		assertThat(pool.give(items.getFirst())).isTrue();
		assertThat(pool.give(items.getLast())).isTrue();
		assertThat(pool.take()).isSameAs(items.getLast());
		assertThat(pool.take()).isSameAs(items.getFirst());
		assertThat(pool.take()).isNotIn(items);
	}

	@ParameterizedTest(name = "{0} objects, {1} processors")
	@CsvSource({ "1,1", "1,2", "1,64", "3,2", "16,1", "16,3", "16,16", "16,200", "64,2", "64,8", "64,12" })
	void keepsAsManyAsItMayWhateverTheNumberOfProcessors(int kept, int processors) {
		Pool<Item> pool = pool(kept, processors);
		List<Item> items = take(pool, kept + 10);
		List<Item> there = items.stream().filter(pool::give).toList();
		assertThat(there).hasSizeBetween(kept - kept % Integer.highestOneBit(Math.min(kept, 2 * processors - 1)), kept);
		assertThat(take(pool, there.size())).containsExactlyInAnyOrderElementsOf(there);
		assertThat(pool.take()).isNotIn(items);
	}

	@Test
	void findsWhatAnotherThreadGaveBack() throws Exception {
		Pool<Item> pool = pool(64, 8);
		Set<Item> given = new HashSet<>();
		for (int i = 0; i < 20; i++) {
			FutureTask<Item> other = new FutureTask<>(() -> {
				Item item = new Item();
				assertThat(pool.give(item)).isTrue();
				return item;
			});
			Thread.ofVirtual().start(other);
			given.add(other.get(1, TimeUnit.MINUTES));
		}
		assertThat(new HashSet<>(take(pool, 20))).isEqualTo(given);
		assertThat(made).hasValue(0);
	}

	@ParameterizedTest(name = "{0} threads")
	@ValueSource(ints = { 2, 8 })
	void givesNoObjectToTwoThreads(int threads) throws Exception {
		Pool<Item> pool = pool(8, 4);
		CountDownLatch start = new CountDownLatch(1);
		List<Future<?>> all = new ArrayList<>();
		for (int thread = 0; thread < threads; thread++) {
			int atOnce = 1 + thread % 3;
			FutureTask<Void> work = new FutureTask<>(() -> {
				start.await();
				for (int i = 0; i < 20_000; i++) {
					List<Item> items = take(pool, atOnce);
					for (Item item : items) {
						assertThat(item.used.getAndSet(true)).as("taken already").isFalse();
					}
					for (Item item : items) {
						item.used.set(false);
						pool.give(item);
					}
				}
				return null;
			});
			Thread.ofPlatform().start(work);
			all.add(work);
		}
		start.countDown();
		for (Future<?> work : all) {
			work.get(1, TimeUnit.MINUTES);
		}
	}
}
