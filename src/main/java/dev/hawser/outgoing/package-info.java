/** Calls other servers over HTTP such that nothing that they answer costs more than a bounded amount of memory, sockets and time. */
@NullMarked
package dev.hawser.outgoing;

import org.jspecify.annotations.NullMarked;
