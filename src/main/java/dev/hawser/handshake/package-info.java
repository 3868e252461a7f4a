/** Decides whether an HTTP request may become a connection, and of which user. */
@NullMarked
package dev.hawser.handshake;

import org.jspecify.annotations.NullMarked;
