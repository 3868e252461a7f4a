package dev.hawser.application.hub;

import dev.hawser.callback.CallbackRegistry;
import dev.hawser.callback.Callbacks;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.SharedLimits;
import dev.hawser.handshake.Door;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.http.upgrade.HawserUpgradeStrategy;
import dev.hawser.http.upgrade.HandshakeRoutes;
import dev.hawser.operations.Drain;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * Builds each hub's endpoint from the parts of the other rooms.
 *
 * @param handler makes the handler that calls the callbacks
 * @param observers makes the observer of a hub's handshakes
 */
record HubEndpoints(Connections connections, HandshakePolicies policies, CallbackRegistry callbacks,
		Function<Callbacks, WebSocketHandler> handler, Function<String, HandshakeObserver> observers, SharedLimits limits, Drain drain) {

	HubEndpoint of(Hub hub, List<String> paths) {
		Callbacks found = callbacks.find(hub.name());
		Supplier<HandshakePolicy> policy = () -> policies.of(hub.name());
		HubAdmission admission = new HubAdmission(hub, connections, limits, drain::turnsAway);
		Door door = new Door(hub.name(), policy, admission, found.decision(), observers.apply(hub.name()));
		return new HubEndpoint(paths, new HandshakeRoutes.Endpoint(handler.apply(found),
				door.interceptors(connections::nextFd, connections::connectionId),
				door.handler(strategy(hub), request -> HubEndpoint.isClientPath(request.path()) ? hub.subprotocols() : Set.of()),
				() -> pause(hub, found.decision() != null || policy.get().verifier().mayBlock())));
	}

	private HandshakeRoutes.Pause pause(Hub hub, boolean mayBlock) {
		if (mayBlock) {
			return HandshakeRoutes.Pause.LONG;
		}
		return limits.areAskedFor(hub) ? HandshakeRoutes.Pause.SHORT : HandshakeRoutes.Pause.NONE;
	}

	/** Upgrades a request to a connection of this hub. */
	RequestUpgradeStrategy strategy(Hub hub) {
		return new HawserUpgradeStrategy(connections, hub);
	}
}
