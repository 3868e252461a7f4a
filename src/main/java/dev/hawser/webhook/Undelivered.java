package dev.hawser.webhook;

/**
 * What becomes of events that have to be delivered at least once and that a backend has not taken.
 *
 * @param store      keeps them, so that they outlive this process
 * @param redelivery delivers them later
 * @param dead       has those that are not tried any more
 */
record Undelivered(EventStore store, Redelivery redelivery, DeadLetters dead) implements AutoCloseable {
	@Override
	public void close() {
		redelivery.close();
		store.close();
		dead.close();
	}
}
