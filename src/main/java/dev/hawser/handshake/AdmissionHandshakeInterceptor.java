package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;

/** Lets nobody in while the server stops or is full, and nobody from an address that asks too often. */
public final class AdmissionHandshakeInterceptor extends CheckingHandshakeInterceptor {
	private final Admission admission;

	public AdmissionHandshakeInterceptor(Admission admission) {
		this.admission = admission;
	}

	@Override
	@Nullable
	HandshakeRejection check(ServerHttpRequest request, Handshake handshake) {
		return admission.ofAddress(handshake.remoteAddress());
	}
}
