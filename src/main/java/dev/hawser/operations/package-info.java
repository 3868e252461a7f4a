/** Lets an operator act on this node: drain it, read its configuration anew, revoke connections. */
@NullMarked
package dev.hawser.operations;

import org.jspecify.annotations.NullMarked;
