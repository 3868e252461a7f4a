package dev.hawser.push.rest;

import dev.hawser.token.AuthorizationHeader;
import dev.hawser.token.InvalidTokenException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets in the requests of the push API that show a token of one of the keys:
 *
 * <pre>
 *  POST /api/hubs/chat/:send?api-version=2024-12-01
 *  Authorization: Bearer (HS256; aud: this URL, with its query or without it)
 * </pre>
 *
 * Without a good token every request gets the same answer, whether or not there is such a route, hub, connection, user or group.
 */
final class ApiDoor {
	private static final String CHALLENGE = "Bearer realm=\"push\"";
	private static final int HUB = 2;
	/** Seconds until the next try, for callers that exceed a limit of a second. */
	private static final Map<String, String> LATER = Map.of("Retry-After", "1");

	/** The description of the API, read from the jar when it is first asked for. */
	private static final Supplier<byte[]> DESCRIPTION = SingletonSupplier.of(ApiDoor::description);

	private final PushKeys keys;
	private final ApiRoutes routes;
	private final ApiMeters meters;
	private final FailedAttempts failed = new FailedAttempts();

	ApiDoor(PushKeys keys, ApiRoutes routes, ApiMeters meters) {
		this.keys = keys;
		this.routes = routes;
		this.meters = meters;
	}

	/**
	 * Answers a request of the push API.
	 *
	 * @param path the raw path, {@link ApiPath#isOfApi of the API}, without the context path
	 */
	void answer(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (path.equals(ApiPath.HEALTH)) {
			answerHealth(request, response);
			return;
		}
		if (path.equals(ApiPath.DESCRIPTION)) {
			answerDescription(request, response);
			return;
		}
		List<String> segments;
		try {
			segments = ApiPath.segments(path);
		}
		catch (ApiException e) {
			refuse(request, response, "path", e.error());
			return;
		}
		try {
			PushKeys.Signed signed = verified(path, request);
			enter(segments, signed.by(), request, response);
		}
		catch (InvalidTokenException e) {
			refuseStranger(e, request, response);
		}
	}

	/** Tells only that there is a push API. No key is needed, as for the health of the operations. */
	private static void answerHealth(HttpServletRequest request, HttpServletResponse response) {
		if (isRead(request, response)) {
			response.setStatus(200);
			response.setContentLength(0);
		}
	}

	/** The file that the source has, too. No key is needed: it tells nothing of this server. */
	private static void answerDescription(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (isRead(request, response)) {
			byte[] description = DESCRIPTION.get();
			response.setStatus(200);
			response.setContentType("application/yaml");
			response.setContentLength(description.length);
			response.getOutputStream().write(description);
		}
	}

	private static byte[] description() {
		try {
			return new ClassPathResource("openapi.yaml").getContentAsByteArray();
		}
		catch (IOException e) {
			throw new UncheckedIOException("The jar is broken", e);
		}
	}

	/** Whether the method is one that reads; answers 405 otherwise. */
	private static boolean isRead(HttpServletRequest request, HttpServletResponse response) {
		boolean read = request.getMethod().equals("HEAD") || request.getMethod().equals("GET");
		if (!read) {
			response.setHeader("Allow", "GET, HEAD");
			response.setStatus(405);
		}
		return read;
	}

	private PushKeys.Signed verified(String path, HttpServletRequest request) throws InvalidTokenException {
		String token = AuthorizationHeader.bearerToken(authorization(request));
		if (token == null) {
			throw new InvalidTokenException("token-missing",
					"Send 'Authorization: Bearer <token>' with a token that a key of hawser.push has signed.");
		}
		return keys.admit(token, PublicUrl.of(request), path, request.getQueryString());
	}

	private static @Nullable String authorization(HttpServletRequest request) throws InvalidTokenException {
		try {
			return SingleHeader.of(request, "Authorization");
		}
		catch (ApiException e) {
			throw new InvalidTokenException(PushKeys.INVALID, e.error().message());
		}
	}

	private void enter(List<String> segments, PushKey caller, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		if (!caller.isFor(segments.get(HUB))) {
			refuse(request, response, "hub", new ApiError(403, "Forbidden", "This key is not for this hub.", "hub"));
		}
		else if (!caller.take(1)) {
			LATER.forEach(response::setHeader);
			refuse(request, response, "quota", new ApiError(429, "TooManyRequests",
					"This key has used up its requests of this second: send fewer, or raise requests-per-second of the key.", null));
		}
		else {
			routes.answer(segments, caller, request, response);
		}
	}

	private void refuseStranger(InvalidTokenException refusal, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		if (!failed.take(request.getRemoteAddr(), keys.failuresPerAddress())) {
			LATER.forEach(response::setHeader);
			response.setHeader("Connection", "close");
			refuse(request, response, "address", new ApiError(429, "TooManyRequests",
					"Too many requests without a good token come from this address: try again later.", null));
			return;
		}
		response.setHeader("WWW-Authenticate",
				refusal.reason().equals("token-missing") ? CHALLENGE : CHALLENGE + ", error=\"invalid_token\"");
		refuse(request, response, refusal.reason(),
				new ApiError(401, "Unauthorized", String.valueOf(refusal.getMessage()), "Authorization"));
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response, String reason, ApiError error) throws IOException {
		meters.refused(reason);
		error.write(request, response, Map.of());
	}
}
