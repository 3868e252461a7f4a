/** Reads all settings under {@code hawser} at the start and at a reload, and describes a bad setting in a sentence. */
@NullMarked
package dev.hawser.application.settings;

import org.jspecify.annotations.NullMarked;
