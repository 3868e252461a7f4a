/** Tells whether a token is genuine and valid now, and what it says. */
@NullMarked
package dev.hawser.token;

import org.jspecify.annotations.NullMarked;
