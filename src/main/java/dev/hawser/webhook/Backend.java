package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * One backend of a hub: one entry of its webhooks. Used by many threads; each waits for the answer to its own event, and should be a
 * virtual one.
 */
final class Backend implements AutoCloseable {
	private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);
	private static final long MOST_DELAY = 30_000;
	private static final String DELIVERED = "delivered";
	private static final String REFUSED = "refused";

	private final String hub;
	private final WebhookSettings settings;
	private final BackendClient client;
	private final WebhookMeters meters;
	private final CallSpans spans;
	private final UrlTemplate url;
	private final EventHeaders headers;
	private final BackendClient.Limits limits;
	private final ExponentialBackOff backOff;
	private final OutageLog log;
	private final CallGate gate;
	private final Breaker breaker;
	private final RepeatedCheck check;

	Backend(String hub, WebhookSettings settings, BackendClient client, WebhookMeters meters, CallSpans spans) {
		this.hub = hub;
		this.settings = settings;
		this.client = client;
		this.meters = meters;
		this.spans = spans;
		this.url = new UrlTemplate(settings.url(), hub);
		this.headers = new EventHeaders(settings.origin(), new Signatures(settings.secrets()));
		this.limits = new BackendClient.Limits(new BackendClient.Pool(this, settings.maxCalls()), settings.timeout(),
				settings.answerSize().toBytes());
		this.backOff = new ExponentialBackOff(settings.retryDelay().toMillis(), 2);
		this.backOff.setJitter(Math.max(1, settings.retryDelay().toMillis() / 4));
		this.backOff.setMaxInterval(MOST_DELAY);
		this.log = new OutageLog(hub, url.origin());
		this.gate = new CallGate(settings.maxCalls(), settings.maxWaiting(), settings.maxWait());
		this.breaker = new Breaker(hub);
		HttpFields.Mutable ofCheck = HttpFields.build();
		headers.writeCheck(hub, ofCheck);
		this.check = new RepeatedCheck(new HandlerCheck(client, url.of(EventNames.VALIDATE), settings.origin(),
				new BackendClient.Limits(limits.pool(), CHECK_TIMEOUT, settings.answerSize().toBytes())), ofCheck.asImmutable(), log);
	}

	/** Begins with the handler check. */
	void start() {
		if (settings.handlerCheck()) {
			check.start();
		}
		else {
			check.skip();
		}
	}

	/** The work, for another thread, with its calls in the trace of this one. */
	Runnable inTrace(Runnable work) {
		return spans.inTrace(work);
	}

	/** Repeats the handler check, in the background. */
	void checkAgain() {
		check.again();
	}

	/** Whether the entry lists this event. */
	boolean takes(String event) {
		return EventNames.contains(settings.events(), event);
	}

	/** Whether the entry lists this event of a group. */
	boolean takesOfGroup(String event) {
		return EventNames.containsItself(settings.events(), event);
	}

	/** Whether the entry lists this event of a client. */
	boolean takesOfClient(String event) {
		return EventNames.containsOfClient(settings.events(), event);
	}

	/** What happens to a client whose message was not delivered. */
	WebhookSettings.OnFailure onFailure() {
		return settings.onFailure();
	}

	/** Scheme, host and port. */
	String origin() {
		return url.origin();
	}

	/**
	 * Delivers an event and waits for the answer, with the retries that the settings allow.
	 *
	 * @param cookie value of the Cookie header; null for none
	 * @param asking who waits for the answer
	 * @return the answer, whatever its status
	 */
	Answer deliver(Event event, @Nullable String cookie, Asking asking) throws NoAnswerException, InterruptedException {
		return deliver(event, cookie, settings.retries(), asking);
	}

	/** As {@link #deliver}, in one attempt, whose answer is not used. */
	Answer deliverOnce(Event event, @Nullable String cookie) throws NoAnswerException, InterruptedException {
		return deliver(event, cookie, 0, Asking.FOR_THE_STATUS);
	}

	private Answer deliver(Event event, @Nullable String cookie, int retries, Asking asking)
			throws NoAnswerException, InterruptedException {
		long start = System.nanoTime();
		String outcome = "failed";
		try {
			Answer answer = deliverAndRetry(event, cookie, retries, asking);
			if (answer.isSuccess()) {
				asking.use().of(answer);
			}
			outcome = answer.isSuccess() ? DELIVERED : answer.status() / 100 == 5 ? "error" : REFUSED;
			if (answer.isPassingFailure()) {
				failed("it answers " + answer.status());
			}
			else {
				log.delivered();
			}
			return answer;
		}
		catch (NoAnswerException e) {
			outcome = e.reason().text();
			if (e.reason() != Reason.GONE) {
				failed(String.valueOf(e.getMessage()));
			}
			throw e;
		}
		finally {
			meters.delivered(hub, event.name(), outcome, System.nanoTime() - start);
			tellOfFailure(event, outcome);
		}
	}

	/** A backend that refuses a handshake does its work, and a client that has gone is no failure of a backend. */
	private void tellOfFailure(Event event, String outcome) {
		boolean fine = outcome.equals(DELIVERED) || outcome.equals(Reason.GONE.text())
				|| (outcome.equals(REFUSED) && event.name().equals(EventNames.CONNECT));
		if (!fine) {
			Event.Origin of = event.of();
			meters.failed(new FailedDelivery(hub, of.connectionId(), of.userId(), event.name(), url.origin(), outcome));
		}
	}

	/** Counts an event that the backend is not asked about, as one that was not delivered; returns what to throw. */
	NoAnswerException notAsked(String event, Reason reason, String why) {
		meters.delivered(hub, event, reason.text(), 0);
		return new NoAnswerException(reason, why);
	}

	private void failed(String why) {
		if (log.failed(why)) {
			check.again();
		}
	}

	private Answer deliverAndRetry(Event event, @Nullable String cookie, int retries, Asking asking)
			throws NoAnswerException, InterruptedException {
		BackOffExecution delays = backOff.start();
		for (int left = retries;; left--) {
			try {
				Answer answer = attempt(event, cookie);
				if (left == 0 || !answer.isPassingFailure()) {
					return answer;
				}
			}
			catch (NoAnswerException e) {
				if (left == 0 || !e.reason().isWorthRetrying()) {
					throw e;
				}
			}
			Thread.sleep(Duration.ofMillis(delays.nextBackOff()));
			if (!asking.wanted().getAsBoolean()) {
				throw new NoAnswerException(Reason.GONE, "the client has gone");
			}
			meters.repeated(hub, event.name());
		}
	}

	private Answer attempt(Event event, @Nullable String cookie) throws NoAnswerException, InterruptedException {
		check.require();
		gate.enter();
		try {
			return breaker.pass(() -> spans.run(event, trace -> call(event, cookie, trace)));
		}
		finally {
			gate.leave();
		}
	}

	private Answer call(Event event, @Nullable String cookie, HttpFields trace) throws NoAnswerException, InterruptedException {
		Instant now = Instant.now();
		return client.post(url.of(event.name()), fields -> {
			headers.write(event, now, fields);
			fields.add(trace);
			if (cookie != null) {
				fields.put(HttpHeader.COOKIE, cookie);
			}
		}, event.contentType(), event.body(), limits);
	}

	/** How it is now. */
	enum State {
		/** It takes events. */
		UP,
		/** It has not passed the handler check. */
		UNCHECKED,
		/** Half of the last calls have failed, so that none is made for a moment. */
		OPEN,
		/** The last event was not delivered. */
		FAILING
	}

	State state() {
		if (!check.isPassed()) {
			return State.UNCHECKED;
		}
		if (breaker.isOpen()) {
			return State.OPEN;
		}
		return log.isOutage() ? State.FAILING : State.UP;
	}

	/** The number of calls under way. */
	int underWay() {
		return gate.underWay();
	}

	/** The number of calls that wait for others to end. */
	int waiting() {
		return gate.waiting();
	}

	WebhookSettings settings() {
		return settings;
	}

	/** Ends the handler check. */
	@Override
	public void close() {
		check.close();
	}
}
