/** Counts and exposes what the others do. */
@NullMarked
package dev.hawser.metrics;

import org.jspecify.annotations.NullMarked;
