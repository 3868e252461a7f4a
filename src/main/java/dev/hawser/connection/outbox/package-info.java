/** Sends the frames of one connection: what waits for its socket, in which order, how much may wait, and what happens beyond that. */
@NullMarked
package dev.hawser.connection.outbox;

import org.jspecify.annotations.NullMarked;
