package dev.hawser.handshake;

import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * What stands between a request and a connection of one hub.
 *
 * @param hub         the hub's name
 * @param policy      what it asks of clients, read at each handshake
 * @param application null when the application leaves the decision to the built-in checks
 * @param observer    is told how each handshake ends
 */
public record Door(String hub, Supplier<HandshakePolicy> policy, @Nullable ApplicationDecision application, HandshakeObserver observer) {

	/**
	 * The checks of every handshake, in their order: whether it is one, whether there is room, which page it comes from, which ticket it
	 * shows, whether its user has room; and the decision.
	 *
	 * @param nextFd gives each handshake the number that its connection will have
	 * @param connectionId names the connection of a number
	 * @param room   whether there is room for one more connection from this address; asked before anything that costs more
	 * @param ofUser whether there is room for one more connection of this user; asked when the token, or the application, has
	 *     said who it is
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

	/** What has a handshake answered with 101 when the interceptors have let it pass. */
	public HandshakeHandler handler(RequestUpgradeStrategy strategy) {
		return new HawserHandshakeHandler(strategy, policy, observer);
	}
}
