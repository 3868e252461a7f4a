/** What the tests share: clients, programs that they start, and keys. */
@NullMarked
package dev.hawser.testing;

import org.jspecify.annotations.NullMarked;
