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
 * @param admission   says whether there is room
 * @param application null when the application leaves the decision to the built-in checks
 * @param observer    told how each handshake ends
 */
public record Door(String hub, Supplier<HandshakePolicy> policy, Admission admission, @Nullable ApplicationDecision application,
		HandshakeObserver observer) {

	/**
	 * The checks of every handshake, in this order: whether it is a valid handshake, whether there is room for the connection, the
	 * page's origin, the token, whether there is room for the user; then the decision, and what other nodes have answered.
	 *
	 * @param nextFd gives each handshake the number that its connection will have
	 * @param connectionId names the connection of a number
	 */
	public HandshakeInterceptor[] interceptors(LongSupplier nextFd, LongFunction<String> connectionId) {
		HandshakeCheck ofAddress = admission::ofAddress;
		HandshakeCheck ofUser = admission::ofUser;
		return new HandshakeInterceptor[] {
				new KeyHandshakeInterceptor(hub, nextFd, connectionId, policy),
				ofAddress,
				new OriginHandshakeInterceptor(policy),
				new TokenHandshakeInterceptor(policy),
				ofUser,
				new DecidingHandshakeInterceptor(application, admission, observer) };
	}

	/**
	 * Answers a handshake with 101 when all interceptors have accepted it.
	 *
	 * @param builtIn subprotocols of the server itself for a request, besides those of the policy
	 */
	public HandshakeHandler handler(RequestUpgradeStrategy strategy, Function<HandshakeRequest, Set<String>> builtIn) {
		return new HawserHandshakeHandler(strategy, builtIn, this);
	}
}
