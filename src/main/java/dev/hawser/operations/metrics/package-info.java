/** Counts what happens in the other rooms, for Prometheus and in traces. */
@NullMarked
package dev.hawser.operations.metrics;

import org.jspecify.annotations.NullMarked;
