/** Delivers the four callbacks to a backend over HTTP, as CloudEvents, and does what the backend answers. */
@NullMarked
package dev.hawser.webhook;

import org.jspecify.annotations.NullMarked;
