/** Decides whether an HTTP request may become a connection, and for whom. */
@NullMarked
package dev.hawser.handshake;

import org.jspecify.annotations.NullMarked;
