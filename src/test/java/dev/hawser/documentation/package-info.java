/** Tests of what the documentation says: its links, its tables, its commands and its code. */
@NullMarked
package dev.hawser.documentation;

import org.jspecify.annotations.NullMarked;
