/** The types with which a room declares its configuration: its sections, the rules for their values, and its part in a reload. */
@NullMarked
package dev.hawser.settings;

import org.jspecify.annotations.NullMarked;
