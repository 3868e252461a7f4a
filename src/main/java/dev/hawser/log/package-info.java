/** Writes the log without making any thread wait for it, and with control characters as visible text. */
@NullMarked
package dev.hawser.log;

import org.jspecify.annotations.NullMarked;
