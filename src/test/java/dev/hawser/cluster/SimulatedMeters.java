package dev.hawser.cluster;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Counts missing batches, and nothing else. */
final class SimulatedMeters extends ClusterMeters {
	private static final SimpleMeterRegistry NONE = new SimpleMeterRegistry();
	long lost;

	SimulatedMeters() {
		super(NONE);
	}

	@Override
	void lost(long batches) {
		lost += batches;
	}

	@Override
	void sent() {
	}

	@Override
	void read() {
	}

	@Override
	void skipped(String why) {
	}

	@Override
	void buried() {
	}

	@Override
	void fenced() {
	}

	@Override
	void dataLost() {
	}

	@Override
	void failed(RedisFailure failure) {
	}

	@Override
	void took(String command, long nanos) {
	}
}
