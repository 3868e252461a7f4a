package dev.hawser.webhook;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.WebSocketServer;
import dev.hawser.handshake.ProblemDocument;
import dev.hawser.webhook.NoAnswerException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

/**
 * The four callbacks of one hub, delivered to its backends. Each blocks until its backend has answered, so that the events of a
 * connection come one after the other, and the connection is not read meanwhile.
 */
final class HubWebhooks implements AutoCloseable {
	private static final String JSON = "application/json";
	private static final String TEXT = "text/plain";
	private static final String BYTES = "application/octet-stream";
	private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);
	private static final String RETRY_AFTER_SECONDS = "5";
	private static final CloseStatus NOT_DELIVERED = new CloseStatus(1011, "webhook failed");

	private final String process;
	private final Supplier<String> tokenCookie;
	private final List<Backend> backends;

	/**
	 * @param process     a name that no other process has, before or after
	 * @param tokenCookie name of the cookie that may have a client's token
	 * @param backends    the backends; an event goes to the first one that takes it
	 */
	HubWebhooks(String process, Supplier<String> tokenCookie, List<Backend> backends) {
		this.process = process;
		this.tokenCookie = tokenCookie;
		this.backends = backends;
	}

	/** Begins with the handler checks. */
	void start() {
		backends.forEach(Backend::start);
	}

	/** Lets the backend decide about a handshake that the checks accept. */
	void onHandShake(HandshakeRequest request, HandshakeResponse response) throws InterruptedException {
		String user = request.principal().map(Principal::getName).orElse(null);
		ConnectionEvents events = new ConnectionEvents(
				new Event.Origin(request.hub(), request.connectionId(), process + '_' + request.fd(), user, null));
		response.attribute(ConnectionEvents.ATTRIBUTE, events);
		Backend backend = backend(EventNames.CONNECT);
		if (backend == null) {
			response.accept();
			return;
		}
		try {
			Event connect = events.next(EventNames.CONNECT, JSON, ConnectBody.of(request, tokenCookie.get()));
			Answer answer = backend.deliver(connect, null, () -> true);
			if (answer.isSuccess()) {
				ConnectAnswer decision = ConnectAnswer.of(answer);
				events.answered(backend, answer);
				decision.accept(response);
			}
			else {
				ConnectAnswer.refuse(answer, response);
			}
		}
		catch (NoAnswerException e) {
			refuse(e.reason(), response);
		}
	}

	private static void refuse(Reason reason, HandshakeResponse response) {
		boolean passing = reason != Reason.INVALID && reason != Reason.LARGE;
		ProblemDocument problem = passing
				? ProblemDocument.of(503, "The application's backend cannot be asked now: connect again later.", "backend")
				: ProblemDocument.of(500, "The application's backend gave an answer that makes no sense.", "backend");
		response.status(problem.status()).header(HttpHeaders.CONTENT_TYPE, ProblemDocument.CONTENT_TYPE);
		if (passing) {
			response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
		}
		response.end(problem.json());
	}

	/** Tells the backend that the connection is open. */
	void onOpen(WebSocketServer server, HandshakeRequest request) throws InterruptedException {
		ConnectionEvents events = events(server, request.fd());
		server.connectionInfo(request.fd()).ifPresent(now -> events.belongsTo(now.userId(), now.subprotocol()));
		Backend backend = backend(EventNames.CONNECTED);
		if (backend != null) {
			tell(backend, events, events.next(EventNames.CONNECTED, JSON, EMPTY_OBJECT));
		}
	}

	/** Delivers a message, and sends the backend's answer to the client. */
	void onMessage(WebSocketServer server, Frame frame) throws InterruptedException {
		if (!frame.isText() && !frame.isBinary()) {
			return; // the contract has no event for control frames
		}
		Backend backend = backend(frame.event());
		if (backend == null) {
			failed(server, frame, WebhookSettings.OnFailure.CLOSE, Reason.UNROUTED);
			return;
		}
		ConnectionEvents events = events(server, frame.fd());
		Event event = events.next(frame.event(), frame.isText() ? TEXT : BYTES, frame.data());
		BooleanSupplier stillOpen = () -> server.isEstablished(frame.fd());
		try {
			Answer answer = backend.deliver(event, events.cookies(backend), stillOpen);
			if (!answer.isSuccess()) {
				throw new NoAnswerException(Reason.STATUS, "it answers " + answer.status());
			}
			events.answered(backend, answer);
			Reply.send(server, frame, answer);
		}
		catch (NoAnswerException e) {
			failed(server, frame, backend.onFailure(), e.reason());
		}
	}

	private static void failed(WebSocketServer server, Frame frame, WebhookSettings.OnFailure policy, Reason reason) {
		switch (policy) {
			case CLOSE -> server.disconnect(frame.fd(), NOT_DELIVERED);
			case DROP -> {
				// it is counted by its outcome
			}
			case ERROR -> server.reply(frame, "{\"type\":\"error\",\"event\":\"" + frame.event() + "\",\"reason\":\""
					+ reason.name().toLowerCase(Locale.ROOT) + "\"}");
		}
	}

	/** Tells the backend that the connection has ended. */
	void onClose(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) throws InterruptedException {
		Backend backend = backend(EventNames.DISCONNECTED);
		if (backend == null) {
			return;
		}
		ConnectionEvents events = events(server, fd);
		ConnectionSnapshot last = server.connectionInfo(fd).orElse(null);
		if (last != null) {
			events.belongsTo(last.userId(), last.subprotocol());
		}
		tell(backend, events, events.next(EventNames.DISCONNECTED, JSON, DisconnectedBody.of(status, initiator, last)));
	}

	/** Delivers an event whose answer decides nothing. */
	private static void tell(Backend backend, ConnectionEvents events, Event event) throws InterruptedException {
		try {
			Answer answer = backend.deliver(event, events.cookies(backend), () -> true);
			if (answer.isSuccess()) {
				events.keepCookies(backend, answer);
			}
		}
		catch (NoAnswerException e) {
			// it is logged and counted by the backend
		}
	}

	private @Nullable Backend backend(String event) {
		for (Backend backend : backends) {
			if (backend.takes(event)) {
				return backend;
			}
		}
		return null;
	}

	private static ConnectionEvents events(WebSocketServer server, long fd) {
		if (server.attributes(fd).get(ConnectionEvents.ATTRIBUTE) instanceof ConnectionEvents events) {
			return events;
		}
		throw new IllegalStateException("The connection has not passed onHandShake");
	}

	@Override
	public void close() {
		backends.forEach(Backend::close);
	}
}
