/** Small programs in the jar that check a running server. */
@NullMarked
package dev.hawser.application.cli;

import org.jspecify.annotations.NullMarked;
