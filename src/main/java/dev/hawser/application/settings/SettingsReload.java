package dev.hawser.application.settings;

import dev.hawser.operations.Reload;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changed limits, origins and keys without dropping a connection: when an operator asks for it and, if configured, at an
 * interval. A configuration with a bad value changes nothing.
 */
final class SettingsReload implements Reload, AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(SettingsReload.class);

	private final Supplier<ReadSettings> reading;
	private final List<ReloadParticipant> participants;
	private final Set<Section<?>> live;
	private final ReadSettings atStart;
	private final ReentrantLock lock = new ReentrantLock();
	private final ScheduledExecutorService watching = Executors
			.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("hawser-reload").factory());
	private ReadSettings inForce;
	private boolean closed;
	/** The last error that was logged, so that the same error is not logged again at every interval. */
	private @Nullable String lastError;

	/**
	 * @param reading  reads the configuration as it is now
	 * @param atStart  the settings in force
	 * @param interval how often the configuration is read without a request; 0 for never
	 */
	SettingsReload(Supplier<ReadSettings> reading, List<ReloadParticipant> participants, ReadSettings atStart, Duration interval) {
		this.reading = reading;
		this.participants = participants;
		this.live = participants.stream().map(ReloadParticipant::section).collect(Collectors.toSet());
		this.atStart = atStart;
		this.inForce = atStart;
		if (interval.isPositive()) {
			Future<?> _ = watching.scheduleWithFixedDelay(this::reload, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public Outcome reload() {
		lock.lock();
		try {
			if (closed) {
				return new Outcome(false, "The server is stopping: the configuration is not read any more.", List.of());
			}
			ReadSettings fresh = reading.get();
			prepare(fresh).forEach(ReloadParticipant.Change::commit);
			return inForce(fresh);
		}
		catch (RuntimeException e) {
			return refused(e);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Does everything that can fail. If a step fails, the changes prepared before it are discarded, since they may hold threads and
	 * sockets.
	 */
	private List<ReloadParticipant.Change> prepare(ReadSettings fresh) {
		List<ReloadParticipant.Change> changes = new ArrayList<>();
		try {
			participants.forEach(participant -> changes.add(participant.prepare(fresh)));
			return changes;
		}
		catch (RuntimeException | Error e) {
			changes.forEach(ReloadParticipant.Change::discard);
			throw e;
		}
	}

	private Outcome inForce(ReadSettings fresh) {
		List<String> needRestart = needRestart(fresh);
		if (!fresh.equals(inForce)) {
			LOG.info("The configuration has changed and is in force{}",
					needRestart.isEmpty() ? "" : "; these properties need a restart: " + String.join(", ", needRestart));
		}
		inForce = fresh;
		lastError = null;
		return new Outcome(true, null, needRestart);
	}

	private Outcome refused(RuntimeException failure) {
		String error = SettingsFailureAnalyzer.describe(failure);
		if (!error.equals(lastError)) {
			LOG.error("The changed configuration is refused, and the old one stays in force: {}", error);
			lastError = error;
		}
		return new Outcome(false, error, List.of());
	}

	private List<String> needRestart(ReadSettings fresh) {
		return atStart.sections().stream().filter(section -> !live.contains(section)).flatMap(section -> atStart.changed(fresh, section))
				.distinct().sorted().toList();
	}

	/** Waits for a reload that is under way; no reload starts after this. */
	@Override
	public void close() {
		lock.lock();
		try {
			closed = true;
		}
		finally {
			lock.unlock();
		}
		watching.shutdownNow();
	}
}
