package dev.hawser.push.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** Reads headers that may be sent once only: of several, a proxy could take another one than this server. */
final class SingleHeader {
	private SingleHeader() {
	}

	/**
	 * The value of a header; null without one.
	 *
	 * @throws ApiException when there are several
	 */
	static @Nullable String of(HttpServletRequest request, String name) {
		Enumeration<String> values = request.getHeaders(name);
		String first = values.hasMoreElements() ? values.nextElement() : null;
		if (values.hasMoreElements()) {
			throw new ApiException(400, "BadRequest", "The header '" + name + "' must be sent once.", name);
		}
		return first;
	}
}
