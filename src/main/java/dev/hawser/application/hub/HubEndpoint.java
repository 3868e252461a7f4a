package dev.hawser.application.hub;

import dev.hawser.callback.Callbacks;
import dev.hawser.callback.DeferringOnHandShake;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Ticket;
import dev.hawser.handshake.Admission;
import dev.hawser.handshake.AdmissionHandshakeInterceptor;
import dev.hawser.handshake.DecidingHandshakeInterceptor;
import dev.hawser.handshake.Handshake;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.handshake.HawserHandshakeHandler;
import dev.hawser.handshake.KeyHandshakeInterceptor;
import dev.hawser.handshake.OriginHandshakeInterceptor;
import dev.hawser.handshake.TokenHandshakeInterceptor;
import dev.hawser.handshake.UserAdmissionHandshakeInterceptor;
import dev.hawser.http.upgrade.HawserUpgradeStrategy;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
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

	/** The checks of every handshake, in their order: is it one, is there room, from that page, with that ticket. */
	public HandshakeInterceptor[] interceptors(LongSupplier nextFd, Admission admission) {
		return new HandshakeInterceptor[] {
				new KeyHandshakeInterceptor(hub.name(), nextFd, this::policy),
				new AdmissionHandshakeInterceptor(admission),
				new OriginHandshakeInterceptor(this::policy),
				new TokenHandshakeInterceptor(this::policy),
				new UserAdmissionHandshakeInterceptor(admission),
				new DecidingHandshakeInterceptor(
						callbacks.onHandShake() == null ? null : new DeferringOnHandShake(callbacks.onHandShake()), observer) };
	}

	/** What answers 101 when they have let a handshake pass. */
	public HandshakeHandler handshakeHandler(Connections connections) {
		return new HawserHandshakeHandler(strategy(connections), this::policy, observer);
	}

	public RequestUpgradeStrategy strategy(Connections connections) {
		return new HawserUpgradeStrategy(connections, hub, new FromRequest(connections));
	}

	/** What the interceptors found stands in the request that they leave among the attributes. */
	private record FromRequest(Connections connections) implements HawserUpgradeStrategy.Settled {
		@Override
		public long fd(Map<String, Object> attributes) {
			return attributes.get(Handshake.ATTRIBUTE) instanceof Handshake request ? request.fd() : connections.nextFd();
		}

		@Override
		public Ticket ticket(Map<String, Object> attributes) {
			return attributes.get(Handshake.ATTRIBUTE) instanceof Handshake request && request.token().isPresent()
					? new Ticket(request.token().get().id(), request.endsAt().orElse(null)) : Ticket.NONE;
		}
	}
}
