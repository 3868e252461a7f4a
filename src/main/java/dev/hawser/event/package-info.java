/** Tells the application what happened: the four callbacks, in-process. */
@NullMarked
package dev.hawser.event;

import org.jspecify.annotations.NullMarked;
