/** Tests of the whole. */
@NullMarked
package dev.hawser;

import org.jspecify.annotations.NullMarked;
