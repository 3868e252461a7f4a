/** Checks whether a token is genuine and valid now, and reads its claims. */
@NullMarked
package dev.hawser.token;

import org.jspecify.annotations.NullMarked;
