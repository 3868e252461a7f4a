package dev.hawser.handshake;

import dev.hawser.token.InvalidTokenException;
import org.jspecify.annotations.Nullable;

/** A token in an {@code Authorization} header, and how one is asked for (RFC 6750). */
public final class BearerToken {
	/** Value of {@code WWW-Authenticate} when no token was shown. */
	public static final String CHALLENGE = "Bearer realm=\"hawser\"";
	private static final String SCHEME = "Bearer ";

	private BearerToken() {
	}

	/** The token, or null where the header is missing or has another scheme. */
	public static @Nullable String of(@Nullable String authorization) {
		return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
				? authorization.substring(SCHEME.length()).strip() : null;
	}

	/** RFC 6750 section 3: the challenge names the error once a token was shown. */
	public static String challenge(InvalidTokenException refused) {
		return CHALLENGE + ", error=\"invalid_token\", error_description=\"" + refused.getMessage() + '"';
	}
}
