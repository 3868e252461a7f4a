/** Restores a request to what its client sent, also through proxies, and refuses a request whose headers contradict each other. */
@NullMarked
package dev.hawser.http.proxy;

import org.jspecify.annotations.NullMarked;
