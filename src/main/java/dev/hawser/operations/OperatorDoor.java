package dev.hawser.operations;

import dev.hawser.handshake.BearerToken;
import dev.hawser.handshake.ProblemDocument;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Looks for the operators' key in a request, and answers requests without it. Safe for any thread. */
final class OperatorDoor {
	private final OperatorKey key;

	OperatorDoor(OperatorKey key) {
		this.key = key;
	}

	/** Whether the request has the key. */
	boolean isOpenFor(HttpServletRequest request) {
		String shown = BearerToken.of(request.getHeader(HttpHeaders.AUTHORIZATION));
		return shown != null && key.is(shown);
	}

	/**
	 * Answers 401; 403 when no key is configured.
	 *
	 * @param left what may still be used without a configured key, as the end of a sentence; empty for nothing
	 */
	void refuse(HttpServletResponse response, String left) throws IOException {
		if (key.isMissing()) {
			problem(response, HttpStatus.FORBIDDEN, "Set hawser.operations.key to use this" + left + '.');
			return;
		}
		response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"operations\"");
		problem(response, HttpStatus.UNAUTHORIZED, "Send the value of hawser.operations.key as 'Authorization: Bearer <key>'.");
	}

	private static void problem(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		ProblemDocument.of(status.value(), detail, null).write(response);
	}
}
