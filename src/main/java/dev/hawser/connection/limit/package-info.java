/** Limits the connections, handshakes and messages of a hub, by user, by address and in total. */
@NullMarked
package dev.hawser.connection.limit;

import org.jspecify.annotations.NullMarked;
