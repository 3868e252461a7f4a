package dev.hawser.api;

import java.time.Instant;

/**
 * Totals of this node since it started.
 *
 * @param startTime when the node started
 * @param connectionCount connections that are open now
 * @param openedCount     connections that have been established since the start
 * @param closedCount     connections that have ended
 * @param messagesIn      text and binary messages received
 * @param messagesOut     text and binary messages accepted for sending
 */
public record ServerStats(Instant startTime, long connectionCount, long openedCount, long closedCount, long messagesIn,
		long messagesOut) {
}
