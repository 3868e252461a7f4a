package bench;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;

/**
 * Pushes from one thread, at a fixed rate or as fast as results come, with a pause of a millisecond after a push that was refused. Each text
 * begins with the time at which it was due, on the clock that all processes of the machine share, and has 128 characters.
 */
final class Pushes {
	private static final String REST = "-".repeat(128 - 16);
	private static final long PAUSE = 1_000_000;

	private final BiFunction<Long, String, CompletionStage<String>> push;
	private final double rate;
	private final int window;
	private final double seconds;
	private final Map<String, Long> results = new TreeMap<>();
	private volatile boolean refused;

	/**
	 * @param push   begins the push with this number and this text, and tells in a word what has become of it
	 * @param rate   a second; 0 for as fast as results come
	 * @param window most pushes without a result; 0 for no bound
	 */
	Pushes(BiFunction<Long, String, CompletionStage<String>> push, double rate, int window, double seconds) {
		this.push = push;
		this.rate = rate;
		this.window = window == 0 ? Integer.MAX_VALUE : window;
		this.seconds = seconds;
	}

	/** Makes all pushes and waits for their results. Returns, as JSON, how many of each result there were, and their number as {@code all}. */
	String make() {
		Semaphore open = new Semaphore(window);
		long begin = System.nanoTime();
		long end = begin + (long) (seconds * 1e9);
		long count = 0;
		for (long due = begin; due < end; due = rate == 0 ? System.nanoTime() : begin + (long) (count * 1e9 / rate)) {
			for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			open.acquireUninterruptibly();
			if (refused && rate == 0) {
				refused = false;
				LockSupport.parkNanos(PAUSE);
			}
			push.apply(count++, HexFormat.of().toHexDigits(due) + REST).whenComplete((result, failure) -> {
				ended(failure == null ? result : failure.getClass().getSimpleName());
				open.release();
			});
		}
		open.acquireUninterruptibly(window);
		ended("all", count);
		return results.toString().replaceAll("(\\w+)=", "\"$1\":");
	}

	private void ended(String result) {
		if (result.equals("Unreached")) {
			refused = true;
		}
		ended(result, 1);
	}

	private synchronized void ended(String result, long count) {
		results.merge(result, count, Long::sum);
	}
}
