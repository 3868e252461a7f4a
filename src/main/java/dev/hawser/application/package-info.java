/** Starts Hawser and puts its rooms together. No other room imports this one. */
@NullMarked
package dev.hawser.application;

import org.jspecify.annotations.NullMarked;
