package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.api.OnHandShake;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * The last of the interceptors. It answers with the refusal of an earlier check, or asks the application's {@code OnHandShake}.
 * Only a handshake that will become a connection passes.
 */
final class DecidingHandshakeInterceptor implements HandshakeInterceptor {
	private static final FailureLog FAILURES = new FailureLog(LoggerFactory.getLogger(DecidingHandshakeInterceptor.class));

	private final @Nullable ApplicationDecision application;
	private final HandshakeCheck ofUser;
	private final HandshakeObserver observer;

	/**
	 * @param application null when the application leaves the decision to the checks
	 * @param ofUser      checks whether there is room for a user that the application names
	 */
	DecidingHandshakeInterceptor(@Nullable ApplicationDecision application, HandshakeCheck ofUser, HandshakeObserver observer) {
		this.application = application;
		this.ofUser = ofUser;
		this.observer = observer;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws IOException {
		Handshake handshake = Handshake.of(attributes);
		HandshakeRejection rejection = handshake.rejection().orElse(null);
		HandshakeAnswer answer = handshake.answer();
		if (application == null || handshake.isReturn() || (rejection != null && !application.isAskedAbout(rejection))) {
			return rejection == null || reject(response, rejection);
		}
		if (!ask(application.callback(), handshake, answer)) {
			observer.failed();
			RejectionWriter.problem(response, 500, "callback", "The server failed to answer the handshake.", Map.of());
			return false;
		}
		if (!answer.accepted()) {
			observer.rejectedByCallback();
			RejectionWriter.answer(response, answer, handshake.isConnect());
			return false;
		}
		if (answer.userId() != null && (rejection == null || rejection.waivable())) {
			rejection = ofUser.check(handshake);
		}
		return rejection == null || rejection.waivable() || reject(response, rejection);
	}

	private boolean reject(ServerHttpResponse response, HandshakeRejection rejection) throws IOException {
		observer.rejected(rejection.reason());
		RejectionWriter.problem(response, rejection.status(), rejection.reason(), rejection.detail(), rejection.headers());
		return false;
	}

	private static boolean ask(OnHandShake application, Handshake handshake, HandshakeAnswer answer) {
		try {
			application.onHandShake(handshake, answer);
			if (!answer.ended()) {
				FAILURES.error("OnHandShake returned without calling end() on its response; the client gets a 500");
			}
			return answer.ended();
		}
		catch (Throwable e) {
			FAILURES.error("OnHandShake threw; the client gets a 500", e);
			return false;
		}
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}
}
