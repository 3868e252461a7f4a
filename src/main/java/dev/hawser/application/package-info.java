/** Starts Hawser and connects its rooms. No other room imports this one. */
@NullMarked
package dev.hawser.application;

import org.jspecify.annotations.NullMarked;
