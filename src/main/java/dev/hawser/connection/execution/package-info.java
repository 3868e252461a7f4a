/** Runs the callbacks of one connection in order and never two at a time, on threads where they may run. */
@NullMarked
package dev.hawser.connection.execution;

import org.jspecify.annotations.NullMarked;
