package dev.hawser.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hawser.handshake.ProblemDocument;
import dev.hawser.http.proxy.RefusedRequestException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers requests that Jetty refuses before Spring sees them (no HTTP, no Host, too many headers) with a problem document (RFC
 * 9457) instead of a page, and ends the connection, since the bytes after such a request cannot be trusted. The answer contains
 * nothing of the request.
 */
final class ProblemErrorHandler extends ErrorHandler {
	/** What is wrong with a request that Jetty cannot read. */
	static final String BAD_REQUEST = "The request is no HTTP, asks for a host that is none, or has a path with '//' or bad percent-encoding (RFC 3986).";

	private final Consumer<String> refused;

	/** @param refused receives the reason of each refusal that has one */
	ProblemErrorHandler(Consumer<String> refused) {
		this.refused = refused;
	}

	/** True for every method: a client that sent a CONNECT also gets an explanation. */
	@Override
	public boolean errorPageForMethod(String method) {
		return true;
	}

	@Override
	protected void generateResponse(Request request, Response response, int code, @Nullable String message,
			@Nullable Throwable cause, Callback callback) {
		String detail = "The request was refused before it was routed.";
		String reason = null;
		RefusedRequestException refusal = refusal(request, code, cause);
		if (refusal != null) {
			reason = refusal.reason();
			refused.accept(reason);
			detail = refusal.detail();
			response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
		}
		boolean api = EncodedPaths.isOfApi(request);
		byte[] problem = api ? apiError(response, code, detail) : ProblemDocument.of(code, detail, reason).json();
		response.getHeaders().put(HttpHeader.CONTENT_TYPE, api ? "application/json" : ProblemDocument.CONTENT_TYPE);
		response.getHeaders().put(HttpHeader.CONTENT_LENGTH, problem.length);
		response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
		response.getHeaders().put(HttpHeader.CONNECTION, "close"); // over HTTP/2 Jetty omits this header
		response.write(true, ByteBuffer.wrap(problem), callback);
	}

	/** The form that errors have in the push API. No part of it comes from the request. */
	private static byte[] apiError(Response response, int status, String message) {
		String code = HttpStatus.getMessage(status).replace(" ", "");
		response.getHeaders().put("x-ms-error-code", code);
		return JsonMapper.shared().writeValueAsBytes(new ApiError(code, message, List.of()));
	}

	private record ApiError(@JsonProperty String code, @JsonProperty String message, @JsonProperty List<Object> details) {
	}

	/**
	 * The reason of the refusal; null when it has none. Jetty's parser gives no reasons: it refuses a head that is too large with
	 * 414 in the first line and with 431 after it.
	 */
	private static @Nullable RefusedRequestException refusal(Request request, int code, @Nullable Throwable cause) {
		if (cause instanceof RefusedRequestException ours) {
			return ours;
		}
		if (code == HttpStatus.BAD_REQUEST_400 && request.getHeaders().contains(HttpHeader.UPGRADE)
				&& !request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade")) {
			return new RefusedRequestException(code, "connection", "The Connection header must list 'Upgrade'.");
		}
		return switch (code) {
			case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> HeadLimits.tooLarge(code);
			case HttpStatus.BAD_REQUEST_400 -> new RefusedRequestException(code, "bad-request",
					BAD_REQUEST);
			default -> null;
		};
	}
}
