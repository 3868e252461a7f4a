package dev.hawser.application.hub;

import dev.hawser.api.OnHandShake;
import dev.hawser.callback.Callbacks;
import dev.hawser.callback.DeferringOnHandShake;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.handshake.Door;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.http.upgrade.HawserUpgradeStrategy;
import dev.hawser.http.upgrade.WebSocketEndpoint;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/** One hub, put together from its parts in the packages. */
public final class HubEndpoint {
	private static final String DEFAULT_PATH = "/ws";

	private final Hub hub;
	private final List<String> paths;
	private final Callbacks callbacks;
	private final HandshakeObserver observer;
	private volatile HandshakePolicy policy;

	public HubEndpoint(Hub hub, HubSettings settings, HandshakePolicy policy, Callbacks callbacks, HandshakeObserver observer) {
		this.hub = hub;
		this.paths = paths(hub.name(), settings);
		this.policy = policy;
		this.callbacks = callbacks;
		this.observer = observer;
	}

	/** Where a hub of this name answers. */
	public static List<String> paths(String name, HubSettings settings) {
		String own = settings.path() == null && name.equals(Hub.DEFAULT) ? DEFAULT_PATH : settings.path();
		return Stream.of(own, "/client/hubs/" + name).filter(path -> path != null).toList();
	}

	public Hub hub() {
		return hub;
	}

	public String name() {
		return hub.name();
	}

	/** The first is the one to tell people of. */
	public List<String> paths() {
		return paths;
	}

	public Callbacks callbacks() {
		return callbacks;
	}

	public HandshakePolicy policy() {
		return policy;
	}

	/** Whether a handshake may have to wait for something. */
	public boolean mayBlock() {
		return callbacks.onHandShake() != null || policy.verifier().mayBlock();
	}

	/** Handshakes are held to the new policy, and connections to the new limits, from now on. */
	public void replace(HubSettings settings, HandshakePolicy fresh) {
		policy = fresh;
		hub.settings(settings.connection());
	}

	/** What answers at its paths. */
	public WebSocketEndpoint endpoint(WebSocketHandler handler, Connections connections, BooleanSupplier draining) {
		HubAdmission admission = new HubAdmission(hub, connections, draining);
		OnHandShake application = callbacks.onHandShake() == null ? null : new DeferringOnHandShake(callbacks.onHandShake());
		Door door = new Door(hub.name(), this::policy, application, observer);
		return new WebSocketEndpoint(handler, door.interceptors(connections::nextFd, admission::ofAddress, admission::ofUser),
				door.handler(strategy(connections)), this::mayBlock);
	}

	/** What puts a connection of this hub on a socket. */
	public RequestUpgradeStrategy strategy(Connections connections) {
		return new HawserUpgradeStrategy(connections, hub);
	}
}
