/** Finds the callbacks of a hub and calls them. */
@NullMarked
package dev.hawser.callback;

import org.jspecify.annotations.NullMarked;
