/** Small programs in the jar that ask a running server. */
@NullMarked
package dev.hawser.application.cli;

import org.jspecify.annotations.NullMarked;
