/**
 * Answers 101, takes the socket from Jetty and starts a connection on it. With {@code dev.hawser.proxy} the only package that knows Jetty.
 */
@NullMarked
package dev.hawser.upgrade;

import org.jspecify.annotations.NullMarked;
