/**
 * The types that an application uses: the four callbacks, the server that they push with, and the values that they receive and
 * return. From the rest of Hawser an application imports only the types of {@code dev.hawser.protocol} that these name.
 */
@NullMarked
package dev.hawser.api;

import org.jspecify.annotations.NullMarked;
