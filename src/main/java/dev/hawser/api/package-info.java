/**
 * The words that an application is written in: the four callbacks, the server that they push with, and what goes in and comes out. An
 * application imports nothing else of Hawser but the types of {@code dev.hawser.protocol} that are named here.
 */
@NullMarked
package dev.hawser.api;

import org.jspecify.annotations.NullMarked;
