/**
 * Shows a request as its client sent it, whatever proxies stand between, and refuses those that tell two tales. Knows Jetty's
 * requests and nothing of WebSockets.
 */
@NullMarked
package dev.hawser.proxy;

import org.jspecify.annotations.NullMarked;
