/** Reads everything under {@code hawser} at the start and when it is read again, and says in a sentence what is wrong there. */
@NullMarked
package dev.hawser.application.settings;

import org.jspecify.annotations.NullMarked;
