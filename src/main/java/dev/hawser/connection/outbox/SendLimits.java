package dev.hawser.connection.outbox;

import java.util.function.LongSupplier;

/**
 * Limits on sending. One object serves all connections of a hub.
 *
 * @param bound        most bytes that may wait for the socket; a message is always accepted while nothing waits
 * @param largest      most bytes of payload of a message
 * @param compressFrom bytes of payload from which on a message is compressed, if compression was agreed on
 * @param clock        returns {@link System#nanoTime}, for the deadlines of messages
 */
public record SendLimits(long bound, long largest, long compressFrom, LongSupplier clock) {
}
