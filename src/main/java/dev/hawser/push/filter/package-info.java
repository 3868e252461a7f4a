/** Reads filters, and tells which connections match them. */
@NullMarked
package dev.hawser.push.filter;

import org.jspecify.annotations.NullMarked;
