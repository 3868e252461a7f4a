package dev.hawser.http;

import dev.hawser.http.proxy.RefusedRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that Jetty refuses before Spring sees them (no HTTP, no Host, too many headers) with a problem document
 * (RFC 9457) instead of a page, and ends the connection: what follows such a request may be anything. Nothing of the request
 * is repeated.
 */
public final class ProblemErrorHandler extends ErrorHandler {
	public static final String CONTENT_TYPE = "application/problem+json";

	private final Consumer<String> refused;

	/** @param refused is told the reason of each refusal that has one */
	ProblemErrorHandler(Consumer<String> refused) {
		this.refused = refused;
	}

	/** Whatever the method: a client that sent a CONNECT wants to know as well. */
	@Override
	public boolean errorPageForMethod(String method) {
		return true;
	}

	@Override
	protected void generateResponse(Request request, Response response, int code, @Nullable String message,
			@Nullable Throwable cause, Callback callback) {
		String detail = "The request was refused before it was routed.";
		String reason = "";
		RefusedRequestException refusal = refusal(code, cause);
		if (refusal != null) {
			refused.accept(refusal.reason());
			detail = refusal.detail();
			reason = ",\"reason\":\"" + refusal.reason() + '"';
			response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
		}
		byte[] problem = problem(code, detail, reason);
		response.getHeaders().put(HttpHeader.CONTENT_TYPE, CONTENT_TYPE);
		response.getHeaders().put(HttpHeader.CONTENT_LENGTH, problem.length);
		response.getHeaders().put(HttpHeader.CONNECTION, "close"); // over HTTP/2 Jetty leaves it out
		response.write(true, ByteBuffer.wrap(problem), callback);
	}

	/** @param reason a member of the document, beginning with a comma; or nothing */
	public static byte[] problem(int code, String detail, String reason) {
		return """
				{"type":"about:blank","title":"%s","status":%d,"detail":"%s"%s}"""
				.formatted(HttpStatus.getMessage(code), code, detail, reason).getBytes(StandardCharsets.UTF_8);
	}

	/** The parser knows nothing of reasons; it refuses a head that is too large in its first line with 414, behind it with 431. */
	private static @Nullable RefusedRequestException refusal(int code, @Nullable Throwable cause) {
		if (cause instanceof RefusedRequestException ours) {
			return ours;
		}
		return code == HttpStatus.URI_TOO_LONG_414 || code == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431
				? HeadLimits.tooLarge(code) : null;
	}
}
