/** Tests of the operators' page and of its API. */
@NullMarked
package dev.hawser.operations.console;

import org.jspecify.annotations.NullMarked;
