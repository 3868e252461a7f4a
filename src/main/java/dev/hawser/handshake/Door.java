package dev.hawser.handshake;

import dev.hawser.api.HandshakeRequest;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * The checks between a request and a connection of one hub.
 *
 * @param hub         the hub's name
 * @param policy      the hub's rules for clients, read at each handshake
 * @param application null when the application leaves the decision to the built-in checks
 * @param observer    told how each handshake ends
 */
public record Door(String hub, Supplier<HandshakePolicy> policy, @Nullable ApplicationDecision application, HandshakeObserver observer) {

	/**
	 * The checks of every handshake, in this order: whether it is a valid handshake, whether there is room for the connection, the
	 * page's origin, the token, whether there is room for the user; then the decision.
	 *
	 * @param nextFd gives each handshake the number that its connection will have
	 * @param connectionId names the connection of a number
	 * @param room   checks whether there is room for one more connection from this address; called before the checks that cost more
	 * @param ofUser checks whether there is room for one more connection of this user; called when the token or the application has
	 *     named the user
	 */
	public HandshakeInterceptor[] interceptors(LongSupplier nextFd, LongFunction<String> connectionId, HandshakeCheck room,
			HandshakeCheck ofUser) {
		return new HandshakeInterceptor[] {
				new KeyHandshakeInterceptor(hub, nextFd, connectionId, policy),
				room,
				new OriginHandshakeInterceptor(policy),
				new TokenHandshakeInterceptor(policy),
				ofUser,
				new DecidingHandshakeInterceptor(application, ofUser, observer) };
	}

	/**
	 * Answers a handshake with 101 when all interceptors have accepted it.
	 *
	 * @param builtIn subprotocols of the server itself for a request, besides those of the policy
	 */
	public HandshakeHandler handler(RequestUpgradeStrategy strategy, Function<HandshakeRequest, Set<String>> builtIn) {
		return new HawserHandshakeHandler(strategy, policy, builtIn, observer);
	}
}
