package dev.hawser.webhook;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.OnGroup;
import dev.hawser.api.WebSocketServer;
import dev.hawser.handshake.ProblemDocument;
import dev.hawser.webhook.NoAnswerException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;

/**
 * The callbacks of one hub, delivered to its backends. Each blocks until its backend has answered, so that the events of a
 * connection come one after the other, and the connection is not read meanwhile.
 */
final class HubWebhooks implements OnGroup, AutoCloseable {
	private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);
	private static final String RETRY_AFTER_SECONDS = "5";
	/** A handshake that is accepted becomes a connection in moments, or never. */
	private static final Duration OPENED_WITHIN = Duration.ofSeconds(30);
	private static final CloseStatus NOT_DELIVERED = new CloseStatus(1011, "webhook failed");
	/** As of a connection whose node is restarted: it connects again, to any node. */
	private static final CloseStatus HANDED_OVER = new CloseStatus(1012, "service restart");

	private final String process;
	private final Supplier<String> tokenCookie;
	private final Undelivered undelivered;
	/** Handshakes that a backend has accepted and that are no connections yet, by fd. */
	private final Map<Long, Accepted> accepted = new ConcurrentHashMap<>();
	private volatile List<Backend> backends;

	/** @param since when, as {@code System.nanoTime} */
	private record Accepted(ConnectionEvents events, long since) {
	}

	/**
	 * @param process     a name that no other process has, before or after
	 * @param tokenCookie name of the cookie that may have a client's token
	 * @param undelivered keeps what has to be delivered, and delivers later what a backend has not taken
	 * @param backends    the backends; an event goes to the first one that takes it
	 */
	HubWebhooks(String process, Supplier<String> tokenCookie, Undelivered undelivered, List<Backend> backends) {
		this.process = process;
		this.tokenCookie = tokenCookie;
		this.undelivered = undelivered;
		this.backends = backends;
	}

	/** Begins with the handler checks. */
	void start() {
		backends.forEach(Backend::start);
	}

	/** The backends now. */
	List<Backend> backends() {
		return backends;
	}

	/** Replaces the backends. Calls to the old ones that are under way end as they would have. */
	void replace(List<Backend> fresh) {
		List<Backend> old = backends;
		backends = fresh;
		fresh.stream().filter(backend -> !old.contains(backend)).forEach(Backend::start);
		old.stream().filter(backend -> !fresh.contains(backend)).forEach(Backend::close);
		old.stream().filter(fresh::contains).forEach(Backend::checkAgain);
	}

	/** Lets the backend decide about a handshake that the checks accept. */
	void onHandShake(HandshakeRequest request, HandshakeResponse response) throws InterruptedException {
		String user = request.principal().map(Principal::getName).orElse(null);
		ConnectionEvents events = new ConnectionEvents(this,
				new Event.Origin(request.hub(), request.connectionId(), process + '_' + request.fd(), user, null));
		response.attribute(ConnectionEvents.ATTRIBUTE, events);
		Backend backend = backend(EventNames.CONNECT);
		if (backend == null) {
			keep(request.fd(), events);
			response.accept();
			return;
		}
		try {
			Answer answer = events.ask(backend, Event.Content.json(EventNames.CONNECT, ConnectBody.of(request, tokenCookie.get())),
					new Asking(accepting -> ConnectAnswer.apply(accepting, response), () -> true));
			if (answer.isSuccess()) {
				keep(request.fd(), events);
				response.accept();
			}
			else {
				ConnectAnswer.refuse(answer, response);
			}
		}
		catch (NoAnswerException e) {
			refuse(e.reason(), response);
		}
	}

	/** Before the 101 leaves: if this process dies, the next one tells the backend that the connection has ended. */
	private void keep(long fd, ConnectionEvents events) throws InterruptedException {
		accepted.put(fd, new Accepted(events, System.nanoTime()));
		if (backend(EventNames.CONNECTED) != null || backend(EventNames.DISCONNECTED) != null) {
			events.accepted();
		}
	}

	/** Keeps what has to be delivered. */
	EventStore store() {
		return undelivered.store();
	}

	/** These events are not tried any more. Blocks until that is stored. */
	void bury(List<DeadLetter> dead) throws InterruptedException {
		undelivered.dead().add(dead);
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

	/**
	 * Tells the backend of handshakes that it has accepted and that did not become connections: another check has refused them since,
	 * or the client has gone.
	 */
	void endUnopened() {
		long now = System.nanoTime();
		accepted.forEach((fd, one) -> {
			if (now - one.since() > OPENED_WITHIN.toNanos() && accepted.remove(fd, one)) {
				if (backend(EventNames.CONNECT) == null) {
					one.events().forget();
				}
				else {
					Thread.ofVirtual().start(() -> tell(one.events(), EventNames.DISCONNECTED, DisconnectedBody.UNOPENED));
				}
			}
		});
	}

	/** Tells the backend that the connection is open. */
	void onOpen(WebSocketServer server, HandshakeRequest request) {
		ConnectionEvents events = events(server, request.fd());
		if (request.isRecovered()) {
			return;
		}
		accepted.remove(request.fd());
		if (events.isEnded()) {
			server.disconnect(request.fd(), NOT_DELIVERED); // so late that the backend has been told that it did not open
			return;
		}
		server.connectionInfo(request.fd()).ifPresent(now -> events.belongsTo(now.userId(), now.subprotocol()));
		Backend backend = backend(EventNames.CONNECTED);
		if (backend != null) { // the client is read meanwhile, so that its close frame is answered at once; what it sends waits for this event
			undelivered.tellMeanwhile(events, EventNames.CONNECTED, EMPTY_OBJECT, backend::inTrace);
		}
	}

	/** Delivers a message, and sends the backend's answer to the client. */
	void onMessage(WebSocketServer server, Frame frame) throws InterruptedException {
		if (!frame.isText() && !frame.isBinary()) {
			return; // the contract has no event for control frames
		}
		ConnectionEvents events = events(server, frame.fd());
		if (events.stored().isHandedOver()) {
			server.disconnect(frame.fd(), HANDED_OVER);
			return;
		}
		Backend backend = find(each -> each.takesOfClient(frame.event()));
		if (backend == null) {
			failed(server, frame, WebhookSettings.OnFailure.CLOSE, Reason.UNROUTED);
			return;
		}
		try {
			Reply reply = new Reply();
			Answer answer = events.ask(backend, Event.Content.of(frame), new Asking(reply, () -> server.isEstablished(frame.fd())));
			if (!answer.isSuccess()) {
				throw new NoAnswerException(Reason.STATUS, "it answers " + answer.status());
			}
			reply.send(server, frame);
		}
		catch (NoAnswerException e) {
			failed(server, frame, backend.onFailure(), e.reason());
		}
	}

	/** A client with a subprotocol is told that its event failed, and stays connected, whatever the policy: it can repeat the event. */
	private static void failed(WebSocketServer server, Frame frame, WebhookSettings.OnFailure policy, Reason reason) {
		Frame.Request request = frame.request();
		if (request != null) {
			request.fail();
			return;
		}
		switch (policy) {
			case CLOSE -> server.disconnect(frame.fd(), NOT_DELIVERED);
			case DROP -> {
				// it is counted by its outcome
			}
			case ERROR -> server.reply(frame,
					"{\"type\":\"error\",\"event\":\"" + frame.event() + "\",\"reason\":\"" + reason.text() + "\"}");
		}
	}

	@Override
	public void onJoined(WebSocketServer server, long fd, String group) throws InterruptedException {
		tellOfGroup(server, fd, EventNames.JOINED, group);
	}

	@Override
	public void onLeft(WebSocketServer server, long fd, String group) throws InterruptedException {
		tellOfGroup(server, fd, EventNames.LEFT, group);
	}

	/** What no backend takes is counted by its outcome, and not kept: a client could make any number of these events. */
	private void tellOfGroup(WebSocketServer server, long fd, String name, String group) throws InterruptedException {
		Backend backend = find(each -> each.takesOfGroup(name));
		if (backend != null) {
			try {
				events(server, fd).ask(backend, Event.Content.ofGroup(name, group),
						Asking.forTheStatus(() -> server.isEstablished(fd)));
			}
			catch (NoAnswerException e) {
				// see above
			}
		}
	}

	/** Tells the backend that the connection has ended. */
	void onClose(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) {
		ConnectionEvents events = events(server, fd);
		ConnectionSnapshot last = server.connectionInfo(fd).orElse(null);
		if (last != null) {
			events.belongsTo(last.userId(), last.subprotocol());
		}
		tell(events, EventNames.DISCONNECTED, DisconnectedBody.of(status, initiator, last));
	}

	/** Delivers an event that has to be delivered at least once; in the background, if the backend does not take it now. */
	void tell(ConnectionEvents events, String name, byte[] body) {
		if (backend(name) != null) {
			undelivered.tell(events, name, body);
		}
	}

	/** Delivers in the background what is due. */
	void later(ConnectionEvents events) throws InterruptedException {
		undelivered.redelivery().add(events);
	}

	/** The backend that gets an event of this server; null for none. */
	@Nullable
	Backend backend(String event) {
		return find(each -> each.takes(event));
	}

	private @Nullable Backend find(Predicate<Backend> taking) {
		for (Backend backend : backends) {
			if (taking.test(backend)) {
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
