package dev.hawser.operations;

import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each thread of the engine for a sign of life, again and again, and notices those that do not answer for longer than is allowed. Time
 * in which this watch was itself held up (the process was paused, or had no processor) does not count.
 */
final class StandStillWatch implements ReloadParticipant, AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(StandStillWatch.class);

	private static final long LONGEST_INTERVAL_NANOS = 1_000_000_000L;
	/** Looks within the allowed time: a thread is given several chances to answer. */
	private static final int LOOKS = 10;

	private final EngineThreads engine;
	private final Section<OperationsSettings> section;
	private final Map<String, Question> questions = new HashMap<>();
	private final Thread thread = Thread.ofPlatform().daemon().name("hawser-watch").unstarted(this::run);
	private volatile long limit;
	private volatile List<String> standing = List.of();
	private volatile boolean closed;
	private long lastLook;

	StandStillWatch(EngineThreads engine, Section<OperationsSettings> section, Settings settings) {
		this.engine = engine;
		this.section = section;
		this.limit = nanos(settings.of(section));
	}

	private static long nanos(OperationsSettings settings) {
		return Math.min(settings.standStill().toMillis(), Duration.ofDays(1).toMillis()) * 1_000_000;
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		long changed = nanos(fresh.of(section));
		return () -> limit = changed;
	}

	StandStillWatch start() {
		thread.start();
		return this;
	}

	@Override
	public void close() {
		closed = true;
		LockSupport.unpark(thread);
	}

	/** The threads that stand still, by their names for the log. */
	List<String> standing() {
		return standing;
	}

	private void run() {
		lastLook = System.nanoTime();
		while (!closed) {
			LockSupport.parkNanos(this, interval());
			try {
				look(System.nanoTime());
			}
			catch (RuntimeException e) {
				LOG.error("The threads of the engine could not be asked for a sign of life", e);
			}
		}
	}

	private long interval() {
		long allowed = limit;
		return allowed == 0 ? LONGEST_INTERVAL_NANOS : Math.clamp(allowed / LOOKS, 1_000_000, LONGEST_INTERVAL_NANOS);
	}

	/** Asks once more. Called by the watch's thread, or by a test that has not started it. */
	void look(long now) {
		long waited = Math.min(now - lastLook, 2 * interval());
		lastLook = now;
		Map<String, Executor> threads = limit == 0 ? Map.of() : engine.all();
		questions.keySet().retainAll(threads.keySet());
		threads.forEach((name, asked) -> questions.computeIfAbsent(name, Question::new).ask(asked, waited));
		standing = questions.values().stream().filter(question -> question.standsStill).map(question -> question.name).sorted().toList();
	}

	/** The question to one thread. Its answer comes from that thread. */
	private final class Question {
		private final String name;
		private volatile boolean answered = true;
		private volatile @Nullable Thread lastSeen;
		private long waited;
		private boolean standsStill;

		Question(String name) {
			this.name = name;
		}

		void ask(Executor asked, long since) {
			if (!answered) {
				waited += since;
				if (waited >= limit && !standsStill) {
					standsStill = true;
					report();
				}
				return;
			}
			if (standsStill) {
				LOG.warn("{} moves again", name);
			}
			standsStill = false;
			waited = 0;
			answered = false;
			asked.execute(this::answer);
		}

		private void answer() {
			lastSeen = Thread.currentThread();
			answered = true;
		}

		private void report() {
			Thread last = lastSeen;
			LOG.error(
					"{} has stood still for {} ms, and liveness says no. Something that may not wait has waited on its thread: here, unless"
							+ " it has moved on meanwhile",
					name, waited / 1_000_000, last == null ? null : new Place(last));
		}
	}

	/** Where a thread is: an exception only because logs know how to show its stack. */
	@SuppressWarnings("serial")
	private static final class Place extends Exception {
		Place(Thread thread) {
			super("thread " + thread.getName(), null, false, true);
			setStackTrace(thread.getStackTrace());
		}
	}
}
