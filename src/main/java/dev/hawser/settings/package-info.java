/** The words in which a room says what can be configured: its sections, what their values must be, and how it takes part in a reload. */
@NullMarked
package dev.hawser.settings;

import org.jspecify.annotations.NullMarked;
