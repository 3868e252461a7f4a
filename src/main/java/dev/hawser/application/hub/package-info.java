/** Hubs put together from the parts in the other rooms: what each hub checks, calls and counts. */
@NullMarked
package dev.hawser.application.hub;

import org.jspecify.annotations.NullMarked;
