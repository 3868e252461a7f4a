/**
 * Answers 101, takes the socket from Jetty and starts a connection on it. The only package that knows Jetty.
 */
@NullMarked
package dev.hawser.upgrade;

import org.jspecify.annotations.NullMarked;
