package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;

/** A thread of a node, which is sometimes late, and stands still with its node. */
final class SimulatedThread implements Tasks {
	private final SimulatedTime time;
	private final Spot node;
	private long last;

	SimulatedThread(SimulatedTime time, Spot node) {
		this.time = time;
		this.node = node;
	}

	@Override
	public void execute(Runnable task) {
		last = Math.max(last, time.oneIn(16) ? time.now() + time.between(0, 3) : time.now());
		time.at(last, node, task);
	}

	@Override
	public void executeAfter(long nanos, Runnable task) {
		time.at(time.now() + nanos, node, () -> execute(task));
	}
}
