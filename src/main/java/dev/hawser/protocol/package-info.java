/**
 * Turns bytes into RFC 6455 frames and messages, and says which rule a frame breaks; what a handshake computes from its request.
 * Nothing here knows of sockets, threads or applications.
 */
@NullMarked
package dev.hawser.protocol;

import org.jspecify.annotations.NullMarked;
