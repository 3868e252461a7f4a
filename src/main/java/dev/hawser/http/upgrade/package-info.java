/**
 * Answers 101, takes the socket from Jetty and starts a connection on it.
 *
 * <p>Read {@code HawserUpgradeStrategy} first: it does all that. {@code HandshakeRoutes} spares a handshake the way through the servlet container, and
 * {@code FirstRequest} with its neighbours spares it Jetty's HTTP connection; both only make it cheaper, and nothing is missing without them.
 */
@NullMarked
package dev.hawser.http.upgrade;

import org.jspecify.annotations.NullMarked;
