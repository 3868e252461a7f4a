package dev.hawser.push.rest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a request of the push API with an error. */
final class ApiException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	private final transient ApiError error;
	private final transient Map<String, String> headers;

	ApiException(ApiError error, Map<String, String> headers) {
		super(error.message(), null, false, false);
		this.error = error;
		this.headers = headers;
	}

	ApiException(int status, String code, String message, @Nullable String target) {
		this(new ApiError(status, code, message, target), Map.of());
	}

	/** A 400 for a parameter, header or field. */
	static ApiException invalid(String target, String message) {
		return new ApiException(400, "InvalidParameter", message, target);
	}

	ApiError error() {
		return error;
	}

	/** Headers of the answer. */
	Map<String, String> headers() {
		return headers;
	}
}
