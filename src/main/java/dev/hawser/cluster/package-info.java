/** Makes several nodes one service, over Redis. Nothing of it is made when no Redis is configured. */
@NullMarked
package dev.hawser.cluster;

import org.jspecify.annotations.NullMarked;
