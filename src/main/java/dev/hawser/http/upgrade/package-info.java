/**
 * Answers 101, takes the socket from Jetty and starts a connection on it.
 *
 * <p>Read {@code HawserUpgradeStrategy} first: it does all of this. {@code HandshakeRoutes} lets a handshake bypass the servlet
 * container, and {@code FirstRequest} with its neighbours lets it bypass Jetty's HTTP connection. Both only make a handshake
 * cheaper; everything works without them.
 */
@NullMarked
package dev.hawser.http.upgrade;

import org.jspecify.annotations.NullMarked;
