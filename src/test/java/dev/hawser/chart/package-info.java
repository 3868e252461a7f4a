/** Tests of the Helm chart. */
@NullMarked
package dev.hawser.chart;

import org.jspecify.annotations.NullMarked;
