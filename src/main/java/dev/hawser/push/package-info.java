/** Delivers messages to connections, for callbacks, controllers and timers. */
@NullMarked
package dev.hawser.push;

import org.jspecify.annotations.NullMarked;
