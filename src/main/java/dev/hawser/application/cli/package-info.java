/** The verbs of the command line: small programs in the jar that look after a running server, and start none. */
@NullMarked
package dev.hawser.application.cli;

import org.jspecify.annotations.NullMarked;
