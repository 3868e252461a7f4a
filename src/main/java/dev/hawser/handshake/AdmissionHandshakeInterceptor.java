package dev.hawser.handshake;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;

/** Lets nobody in while the server stops. */
public final class AdmissionHandshakeInterceptor extends CheckingHandshakeInterceptor {
	private final BooleanSupplier stopping;

	public AdmissionHandshakeInterceptor(BooleanSupplier stopping) {
		this.stopping = stopping;
	}

	@Override
	@Nullable HandshakeRejection check(ServerHttpRequest request, HandshakeRequest handshake) {
		return stopping.getAsBoolean() ? new HandshakeRejection(503, "stopping", "This server is stopping: connect again.",
				Map.of(HttpHeaders.RETRY_AFTER, "1"), false) : null;
	}
}
