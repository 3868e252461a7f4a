/**
 * Sends the frames of one connection: their order, how many bytes may wait for the socket, and what happens when more would wait.
 */
@NullMarked
package dev.hawser.connection.outbox;

import org.jspecify.annotations.NullMarked;
