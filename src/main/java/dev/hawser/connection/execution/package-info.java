/** Runs the callbacks of one connection in order and never two at a time, on the threads that they may run on. */
@NullMarked
package dev.hawser.connection.execution;

import org.jspecify.annotations.NullMarked;
