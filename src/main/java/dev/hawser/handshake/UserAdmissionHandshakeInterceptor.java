package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;

/** Lets a user have only so many connections. Comes after the token, which says who it is. */
public final class UserAdmissionHandshakeInterceptor extends CheckingHandshakeInterceptor {
	private final Admission admission;

	public UserAdmissionHandshakeInterceptor(Admission admission) {
		this.admission = admission;
	}

	@Override
	@Nullable
	HandshakeRejection check(ServerHttpRequest request, Handshake handshake) {
		Principal user = handshake.principal().orElse(null);
		return user == null ? null : admission.ofUser(user.getName());
	}
}
