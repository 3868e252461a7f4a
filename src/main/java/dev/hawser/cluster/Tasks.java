package dev.hawser.cluster;

import java.util.concurrent.Executor;

/** Runs tasks one at a time, in their order. */
interface Tasks extends Executor {

	/** Runs a task after so many nanoseconds. */
	void executeAfter(long nanos, Runnable task);
}
