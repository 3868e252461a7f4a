/** Lets an operator act on this node: drain it, revoke connections. */
@NullMarked
package dev.hawser.operations;

import org.jspecify.annotations.NullMarked;
