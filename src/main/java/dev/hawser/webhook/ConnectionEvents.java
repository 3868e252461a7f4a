package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of one connection, and keeps what backends have asked for in their answers: the state and the cookies. Used by the
 * callbacks of the connection, which never run at the same time.
 */
final class ConnectionEvents {
	/** Name of the connection's attribute that holds this object. */
	static final String ATTRIBUTE = ConnectionEvents.class.getName();

	private Event.Origin origin;
	private long next;
	private @Nullable String state;
	private @Nullable Cookies cookies;

	ConnectionEvents(Event.Origin origin) {
		this.origin = origin;
	}

	/** The user and the subprotocol have become known, or have changed. */
	void belongsTo(@Nullable String userId, @Nullable String subprotocol) {
		origin = new Event.Origin(origin.hub(), origin.connectionId(), origin.uniqueId(), userId, subprotocol);
	}

	/** The next event of the connection. */
	Event next(String name, String contentType, byte[] body) {
		return new Event(name, next++, Instant.now(), origin, state, contentType, body);
	}

	/** The value of the Cookie header for a backend; null for none. */
	@Nullable
	String cookies(Backend backend) {
		return cookies == null ? null : cookies.of(backend.origin());
	}

	/**
	 * Keeps the cookies and the state of an answer to an event that the backend's answer decides.
	 *
	 * @throws NoAnswerException when the answer has several states
	 */
	void answered(Backend backend, Answer answer) throws NoAnswerException {
		List<String> states = answer.headers().getValuesList(EventHeaders.STATE);
		if (states.size() > 1) {
			throw new NoAnswerException(Reason.INVALID, "its answer has " + EventHeaders.STATE + " more than once");
		}
		states.stream().findFirst().ifPresent(value -> state = value.isEmpty() ? null : value);
		keepCookies(backend, answer);
	}

	/** Keeps the cookies of an answer. */
	void keepCookies(Backend backend, Answer answer) {
		List<String> lines = answer.headers().getValuesList("Set-Cookie");
		if (!lines.isEmpty()) {
			if (cookies == null) {
				cookies = new Cookies();
			}
			cookies.set(backend.origin(), lines);
		}
	}
}
