/**
 * The HTTP server around Hawser, and the only room that knows Jetty's server: connectors, limits and deadlines of requests,
 * certificates, and the form of its error answers. {@code upgrade} turns a request into a connection, {@code proxy} restores the
 * request that the client sent.
 */
@NullMarked
package dev.hawser.http;

import org.jspecify.annotations.NullMarked;
