/** Counts what the other rooms do, and shows it to Prometheus and in traces. */
@NullMarked
package dev.hawser.operations.metrics;

import org.jspecify.annotations.NullMarked;
