package dev.hawser.http.upgrade;

import java.util.function.BooleanSupplier;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * What answers handshakes at a path.
 *
 * @param handler      of the connections
 * @param interceptors the checks, in their order
 * @param handshake    makes a connection of a handshake that they let pass
 * @param mayBlock     whether one of them may wait, asked for each handshake: it then runs on a virtual thread, otherwise on the one that
 *     reads the sockets
 */
public record WebSocketEndpoint(WebSocketHandler handler, HandshakeInterceptor[] interceptors, HandshakeHandler handshake,
		BooleanSupplier mayBlock) {
}
