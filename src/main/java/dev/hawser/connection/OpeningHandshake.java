package dev.hawser.connection;

import dev.hawser.protocol.PerMessageDeflate;
import java.net.URI;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What the opening handshake settled about a connection.
 *
 * @param fd          the connection's number, given out by {@link Connections#nextFd}
 * @param uri         the request's, with its query
 * @param headers     the request's
 * @param principal   whom the token named; null for an anonymous client
 * @param subprotocol the one agreed on, or null
 * @param deflate     what was agreed on about compression; null for nothing
 * @param attributes  what the handshake left for the handler; becomes the connection's own map
 */
public record OpeningHandshake(long fd, URI uri, HttpHeaders headers, @Nullable Principal principal,
		@Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes) {
}
