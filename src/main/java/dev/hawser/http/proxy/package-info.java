/** Shows a request as its client sent it, whatever proxies stand between, and refuses a request that contradicts itself. */
@NullMarked
package dev.hawser.http.proxy;

import org.jspecify.annotations.NullMarked;
