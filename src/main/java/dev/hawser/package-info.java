/** The application, and the only place where the parts are wired. */
@NullMarked
package dev.hawser;

import org.jspecify.annotations.NullMarked;
