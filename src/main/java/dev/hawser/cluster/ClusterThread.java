package dev.hawser.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that runs tasks in their order, and one of them ten times a second. A task that throws is logged; the next one runs all the same. */
final class ClusterThread implements Tasks, AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(ClusterThread.class);
	private static final Duration TICK = Duration.ofMillis(100);

	private final ScheduledExecutorService tasks;

	ClusterThread(String name) {
		tasks = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name(name).daemon().factory());
	}

	void everyTick(Runnable task) {
		var _ = tasks.scheduleWithFixedDelay(logged(task), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static Runnable logged(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException e) {
				LOG.error("A task of the cluster has failed", e);
			}
		};
	}

	@Override
	public void execute(Runnable task) {
		try {
			tasks.execute(logged(task));
		}
		catch (RejectedExecutionException e) {
			LOG.trace("The node stops", e);
		}
	}

	@Override
	public void executeAfter(long nanos, Runnable task) {
		try {
			var _ = tasks.schedule(logged(task), nanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException e) {
			LOG.trace("The node stops", e);
		}
	}

	@Override
	public void close() {
		tasks.shutdownNow();
	}
}
