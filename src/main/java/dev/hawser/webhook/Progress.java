package dev.hawser.webhook;

/** How far the events of a connection have got that are delivered at least once. */
enum Progress {
	/** None is left. */
	DONE,
	/** One has not been delivered. */
	STUCK
}
