/** How many connections, handshakes and messages a hub takes from a user, an address or all. */
@NullMarked
package dev.hawser.connection.limit;

import org.jspecify.annotations.NullMarked;
