package dev.hawser.token;

import org.jspecify.annotations.Nullable;

/** Reads the value of an {@code Authorization} header (RFC 9110 section 11.6.2). */
public final class AuthorizationHeader {
	private static final String BEARER = "Bearer ";

	private AuthorizationHeader() {
	}

	/** The token of the scheme Bearer (RFC 6750 section 2.1); null when the header is missing or has another scheme. */
	public static @Nullable String bearerToken(@Nullable String value) {
		return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? value.substring(BEARER.length()).strip() : null;
	}
}
