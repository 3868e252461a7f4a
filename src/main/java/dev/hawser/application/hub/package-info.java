/** Builds each hub from the parts in the other rooms: its checks, its callbacks and its counters. */
@NullMarked
package dev.hawser.application.hub;

import org.jspecify.annotations.NullMarked;
