package dev.hawser.http;

import dev.hawser.handshake.ProblemDocument;
import dev.hawser.http.proxy.RefusedRequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers requests whose body turns out to be malformed, too long or incomplete while a controller reads it. This is the client's
 * fault; Spring MVC would answer 500 and log a stack trace.
 */
final class BrokenRequestResolver implements HandlerExceptionResolver, Ordered {
	private final Consumer<String> refused;

	/** @param refused receives the reason of each refusal that has one */
	BrokenRequestResolver(Consumer<String> refused) {
		this.refused = refused;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response, @Nullable Object handler,
			Exception failure) {
		ProblemDocument problem = response.isCommitted() ? null : problem(request, failure);
		if (problem == null) {
			return null;
		}
		if (problem.reason() != null) {
			refused.accept(problem.reason());
		}
		try {
			response.reset();
			response.setHeader("Connection", "close"); // the rest of the body, if it still comes, must not be read as a request
			problem.write(response);
		}
		catch (IOException e) {
			// the client has gone
		}
		return new ModelAndView();
	}

	/** Null when the failure is not the client's. */
	private static @Nullable ProblemDocument problem(HttpServletRequest request, Exception failure) {
		if (request.getAttribute(RequestBodyLimits.REFUSAL) instanceof RefusedRequestException ours) {
			return ProblemDocument.of(ours.getCode(), ours.detail(), ours.reason());
		}
		boolean ofClient = false;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof HttpException jetty && HttpStatus.isClientError(jetty.getCode())) {
				return ProblemDocument.of(jetty.getCode(), "The request's body cannot be read.", null);
			}
			ofClient |= cause instanceof MultipartException || cause instanceof UnsupportedCharsetException
					|| cause instanceof IllegalCharsetNameException;
		}
		return ofClient ? ProblemDocument.of(HttpStatus.BAD_REQUEST_400, "The request's body cannot be read.", null) : null;
	}
}
