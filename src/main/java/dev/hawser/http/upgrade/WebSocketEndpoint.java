package dev.hawser.http.upgrade;

import java.util.function.BooleanSupplier;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * The parts that answer handshakes at a path.
 *
 * @param handler handler of the connections
 * @param interceptors the checks, in their order
 * @param handshake    makes a connection of a handshake that all interceptors accept
 * @param mayBlock     whether an interceptor may wait, asked for each handshake. If so, the handshake runs on a virtual thread,
 *     otherwise on the thread that reads the sockets
 */
public record WebSocketEndpoint(WebSocketHandler handler, HandshakeInterceptor[] interceptors, HandshakeHandler handshake,
		BooleanSupplier mayBlock) {
}
