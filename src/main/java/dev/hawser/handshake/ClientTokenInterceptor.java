package dev.hawser.handshake;

import dev.hawser.api.ClientToken;
import dev.hawser.token.InvalidTokenException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Demands a client's token for controllers with {@link ClientToken}. */
final class ClientTokenInterceptor implements HandlerInterceptor {
	private static final FailureLog FAILURES = new FailureLog(LoggerFactory.getLogger(ClientTokenInterceptor.class));

	private final Supplier<HandshakePolicies> policies;

	ClientTokenInterceptor(Supplier<HandshakePolicies> policies) {
		this.policies = policies;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) throws IOException {
		ClientToken demanded = demanded(handler);
		return demanded == null || isGood(demanded, request, response);
	}

	private static @Nullable ClientToken demanded(Object handler) {
		if (!(handler instanceof HandlerMethod method)) {
			return AnnotatedElementUtils.findMergedAnnotation(handler.getClass(), ClientToken.class);
		}
		ClientToken own = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), ClientToken.class);
		return own != null ? own : AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), ClientToken.class);
	}

	private boolean isGood(ClientToken demanded, HttpServletRequest request, HttpServletResponse response) throws IOException {
		String token = BearerToken.of(request.getHeader(HttpHeaders.AUTHORIZATION));
		if (token == null) {
			response.setHeader(HttpHeaders.WWW_AUTHENTICATE, BearerToken.CHALLENGE);
			return refused(response, 401, "token-missing", "A token is needed: send 'Authorization: Bearer <token>'.");
		}
		try {
			String user = policies.get().of(demanded.hub()).verify(request.getRequestURL().toString(), token).token().subject();
			if (user != null) {
				request.setAttribute(ClientToken.USER, user);
			}
			return true;
		}
		catch (InvalidTokenException e) {
			response.setHeader(HttpHeaders.WWW_AUTHENTICATE, BearerToken.challenge(e));
			return refused(response, 401, e.reason(), String.valueOf(e.getMessage()));
		}
		catch (RuntimeException e) {
			FAILURES.error("A token for a controller cannot be checked; the caller gets a 503", e);
			response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(HandshakeCheck.LATER.toSeconds()));
			return refused(response, 503, "verifier", "The token cannot be checked now: try again later.");
		}
	}

	private static boolean refused(HttpServletResponse response, int status, String reason, String detail) throws IOException {
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		ProblemDocument.of(status, detail, reason).write(response);
		return false;
	}
}
