/**
 * Runs one live WebSocket on this node (reads, sends, pings, closes) and lists all open ones. The socket itself is behind {@link
 * dev.hawser.connection.Transport}.
 */
@NullMarked
package dev.hawser.connection;

import org.jspecify.annotations.NullMarked;
