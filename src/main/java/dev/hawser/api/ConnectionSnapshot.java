package dev.hawser.api;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection as it was at one moment. Times are exact to about 50 ms.
 *
 * @param fd the connection's number on this node
 * @param hub              the hub that the client connected to
 * @param connectionId     the connection's name in the whole cluster
 * @param node             the name of the node that has the connection now
 * @param remoteAddress    the client's address: the peer of the TCP connection, or the address that trusted proxies name; null for
 *     none
 * @param connectedAt      when the 101 was sent
 * @param lastReceivedAt   when bytes last came in
 * @param lastSentAt       when a frame was last sent
 * @param traffic messages and bytes in each direction
 * @param queuedBytes      bytes that wait in the outbox
 * @param principal        the user that the token named; null for an anonymous client
 * @param userId           the user given to {@code bind}, otherwise the principal's name; null without either
 * @param subprotocol      the agreed subprotocol; null for none
 * @param groups           the groups that the connection is in
 * @param roles            the roles that the connection has
 */
public record ConnectionSnapshot(long fd, String hub, String connectionId, String node, @Nullable InetSocketAddress remoteAddress,
		Instant connectedAt, Instant lastReceivedAt, Instant lastSentAt, Traffic traffic, long queuedBytes,
		@Nullable Principal principal, @Nullable String userId, @Nullable String subprotocol, Set<String> groups,
		Set<String> roles) {

	/**
	 * @param messagesIn  text and binary messages received
	 * @param bytesIn     bytes received, frame headers and control frames included
	 * @param messagesOut text and binary messages accepted for sending, each fragment counted
	 * @param bytesOut    bytes accepted for sending, frame headers and control frames included
	 */
	public record Traffic(long messagesIn, long bytesIn, long messagesOut, long bytesOut) {
	}
}
