/**
 * Limits the connections, handshakes and messages of a hub, by user, by address and in total, and the memory of the clients of all
 * hubs.
 */
@NullMarked
package dev.hawser.connection.limit;

import org.jspecify.annotations.NullMarked;
