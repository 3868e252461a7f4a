/** A page on which an operator sees this node and acts on it, with its API, its login and its stream of events. */
@NullMarked
package dev.hawser.operations.console;

import org.jspecify.annotations.NullMarked;
