/** Lets an operator act on this node: drain it, reload its configuration, revoke connections. */
@NullMarked
package dev.hawser.operations;

import org.jspecify.annotations.NullMarked;
