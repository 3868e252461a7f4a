package dev.hawser.operations;

/** How often callbacks have run on this node, and for how long. Safe for any thread. */
public interface CallbackTotals {
	/** Callbacks that have returned or thrown. */
	long calls();

	/** Nanoseconds that they took together. */
	double nanos();
}
