/**
 * Turns bytes into RFC 6455 frames and messages, names the rule that a frame breaks, and computes the values of a handshake.
 * Nothing here knows of sockets, threads or applications.
 */
@NullMarked
package dev.hawser.protocol;

import org.jspecify.annotations.NullMarked;
