package dev.hawser.handshake;

import dev.hawser.token.AuthorizationHeader;
import dev.hawser.token.InvalidTokenException;
import org.jspecify.annotations.Nullable;

/** Reads a token from an {@code Authorization} header, and asks for one in {@code WWW-Authenticate} (RFC 6750). */
public final class BearerToken {
	/** Value of {@code WWW-Authenticate} when the request has no token. */
	public static final String CHALLENGE = "Bearer realm=\"hawser\"";

	private BearerToken() {
	}

	/** The token; null when the header is missing or has another scheme. */
	public static @Nullable String of(@Nullable String authorization) {
		return AuthorizationHeader.bearerToken(authorization);
	}

	/** RFC 6750 section 3: the challenge names the error when the request had a token. */
	public static String challenge(InvalidTokenException refused) {
		return CHALLENGE + ", error=\"invalid_token\", error_description=\"" + refused.getMessage() + '"';
	}
}
