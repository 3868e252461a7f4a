package dev.hawser.application.hub;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.SharedLimits;
import dev.hawser.connection.Subprotocol;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import dev.hawser.handshake.Handshake;
import dev.hawser.handshake.Admission;
import dev.hawser.handshake.HandshakeCheck;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a client that exceeds a limit of its hub. A limit of the whole hub or server answers 503, a limit of one client 429.
 *
 * @param shared counts on all nodes
 */
record HubAdmission(Hub hub, Connections connections, SharedLimits shared, BooleanSupplier draining) implements Admission {
	private static final Duration AT_ONCE = Duration.ofSeconds(1);

	private static final HandshakeRejection STOPPING = HandshakeRejection.noRoom(503, "stopping",
			"This server takes no connections any more: connect again.", AT_ONCE);
	private static final HandshakeRejection USER = HandshakeRejection.noRoom(429, "user-connections",
			"This user has as many connections as one may have: close another first.", HandshakeCheck.LATER);

	@Override
	public @Nullable HandshakeRejection ofAddress(Handshake handshake) {
		if (draining.getAsBoolean()) {
			return STOPPING;
		}
		String objection = hub.objection(handshake);
		if (objection != null) {
			return HandshakeRejection.malformed(400, "subprotocol-mode", objection, Map.of());
		}
		Subprotocol returning = hub.returning(handshake);
		ClientAddress address = ClientAddress.of(handshake.remoteAddress());
		ConnectionLimit limit = returning == null ? hub.admit(address) : hub.admitReturning(address);
		if (limit == null && returning != null) {
			handshake.comesBack(returning.name(), returning.claimed(handshake));
		}
		return limit == null ? null : rejection(limit);
	}

	@Override
	public @Nullable HandshakeRejection ofUser(Handshake handshake) {
		String user = handshake.userId();
		if (user != null && connections.isFullFor(hub, user)) {
			return USER;
		}
		if (shared != SharedLimits.NONE && !handshake.isReturn()) {
			shared.take(hub, handshake.fd(), user, ClientAddress.of(handshake.remoteAddress()));
		}
		return null;
	}

	@Override
	public @Nullable HandshakeRejection ofOtherNodes(Handshake handshake) {
		ConnectionLimit limit = shared.await(handshake.fd());
		return limit == null ? null : rejection(limit);
	}

	@Override
	public void gaveUp(Handshake handshake) {
		shared.giveBack(handshake.fd());
	}

	private static HandshakeRejection rejection(ConnectionLimit limit) {
		return switch (limit) {
			case CONNECTIONS -> HandshakeRejection.noRoom(503, "full", "This server is full: connect again later.",
					HandshakeCheck.LATER);
			case MEMORY -> HandshakeRejection.noRoom(503, "memory", "This server is short of memory: connect again later.",
					HandshakeCheck.LATER);
			case HANDSHAKES -> HandshakeRejection.noRoom(503, "handshake-rate",
					"Too many clients connect at this moment: connect again, with some jitter.", AT_ONCE);
			case USER -> USER;
			case ADDRESS -> HandshakeRejection.noRoom(429, "address-connections",
					"This address has as many connections as one may have: close another first.", HandshakeCheck.LATER);
			case HANDSHAKES_OF_ADDRESS -> HandshakeRejection.noRoom(429, "address-handshake-rate",
					"This address connects too often: connect again, with back-off.", AT_ONCE);
		};
	}
}
