/** Tests of the whole server, of its architecture and of its packaging. */
@NullMarked
package dev.hawser;

import org.jspecify.annotations.NullMarked;
