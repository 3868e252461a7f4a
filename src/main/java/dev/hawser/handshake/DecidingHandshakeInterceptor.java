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
	private final Admission admission;
	private final HandshakeObserver observer;

	/**
	 * @param application null when the application leaves the decision to the checks
	 */
	DecidingHandshakeInterceptor(@Nullable ApplicationDecision application, Admission admission, HandshakeObserver observer) {
		this.application = application;
		this.admission = admission;
		this.observer = observer;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws IOException {
		Handshake handshake = Handshake.of(attributes);
		boolean accepted = false;
		try {
			accepted = decide(handshake, response);
			return accepted;
		}
		finally {
			if (!accepted) {
				admission.gaveUp(handshake);
			}
		}
	}

	private boolean decide(Handshake handshake, ServerHttpResponse response) throws IOException {
		HandshakeRejection rejection = handshake.rejection().orElse(null);
		HandshakeAnswer answer = handshake.answer();
		if (application == null || handshake.isReturn() || (rejection != null && !application.isAskedAbout(rejection))) {
			return admit(response, rejection == null ? admission.ofOtherNodes(handshake) : rejection);
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
		if (rejection == null || rejection.waivable()) {
			boolean wasAsked = rejection == null && answer.userId() == null;
			rejection = wasAsked ? null : admission.ofUser(handshake);
			rejection = rejection == null ? admission.ofOtherNodes(handshake) : rejection;
		}
		return admit(response, rejection);
	}

	private boolean admit(ServerHttpResponse response, @Nullable HandshakeRejection rejection) throws IOException {
		return rejection == null || reject(response, rejection);
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
