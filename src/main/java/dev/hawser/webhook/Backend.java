package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
	private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);
	private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);
	private static final long MOST_DELAY = 30_000;

	private final String hub;
	private final WebhookSettings settings;
	private final BackendClient client;
	private final WebhookMeters meters;
	private final UrlTemplate url;
	private final EventHeaders headers;
	private final BackendClient.Limits limits;
	private final ExponentialBackOff backOff;
	private final OutageLog log;
	/** Ends with the first handler check, passed or not: the events of the first clients wait for it. */
	private final CountDownLatch firstCheck = new CountDownLatch(1);
	private volatile boolean checked;
	private volatile @Nullable Thread checking;

	Backend(String hub, WebhookSettings settings, BackendClient client, WebhookMeters meters) {
		this.hub = hub;
		this.settings = settings;
		this.client = client;
		this.meters = meters;
		this.url = new UrlTemplate(settings.url(), hub);
		this.headers = new EventHeaders(settings.origin(), new Signatures(settings.secrets()));
		this.limits = new BackendClient.Limits(this, settings.timeout(), settings.answerSize().toBytes());
		this.backOff = new ExponentialBackOff(settings.retryDelay().toMillis(), 2);
		this.backOff.setJitter(Math.max(1, settings.retryDelay().toMillis() / 4));
		this.backOff.setMaxInterval(MOST_DELAY);
		this.log = new OutageLog(hub, url.origin());
	}

	/** Begins with the handler check, and repeats it until it passes. */
	void start() {
		if (settings.handlerCheck()) {
			checking = Thread.ofVirtual().name("hawser-webhook-check").start(this::checkUntilPassed);
		}
		else {
			checked = true;
			firstCheck.countDown();
		}
	}

	private void checkUntilPassed() {
		HandlerCheck check = new HandlerCheck(client, url.of(EventNames.VALIDATE), settings.origin(),
				new BackendClient.Limits(this, CHECK_TIMEOUT, settings.answerSize().toBytes()));
		HttpFields.Mutable fields = HttpFields.build();
		headers.writeCheck(hub, fields);
		try {
			while (!checked) {
				try {
					check.pass(fields.asImmutable());
					checked = true;
					log.delivered();
				}
				catch (NoAnswerException e) {
					log.failed(String.valueOf(e.getMessage()));
				}
				firstCheck.countDown();
				if (!checked) {
					Thread.sleep(BETWEEN_CHECKS);
				}
			}
		}
		catch (InterruptedException e) {
			firstCheck.countDown(); // it is closed
		}
	}

	/** Whether the entry lists this event. */
	boolean takes(String event) {
		return EventNames.contains(settings.events(), event);
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
	 * @param wanted whether the event still matters, asked before each repetition
	 * @return the answer, whatever its status
	 */
	Answer deliver(Event event, @Nullable String cookie, BooleanSupplier wanted) throws NoAnswerException, InterruptedException {
		long start = System.nanoTime();
		String outcome = "failed";
		try {
			Answer answer = deliverAndRetry(event, cookie, wanted);
			outcome = answer.isSuccess() ? "delivered" : answer.status() / 100 == 5 ? "error" : "refused";
			if (answer.isPassingFailure()) {
				log.failed("it answers " + answer.status());
			}
			else {
				log.delivered();
			}
			return answer;
		}
		catch (NoAnswerException e) {
			outcome = e.reason().name().toLowerCase(Locale.ROOT);
			if (e.reason() != Reason.GONE) {
				log.failed(String.valueOf(e.getMessage()));
			}
			throw e;
		}
		finally {
			meters.delivered(hub, event.name(), outcome, System.nanoTime() - start);
		}
	}

	private Answer deliverAndRetry(Event event, @Nullable String cookie, BooleanSupplier wanted)
			throws NoAnswerException, InterruptedException {
		BackOffExecution delays = backOff.start();
		for (int left = settings.retries();; left--) {
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
			if (!wanted.getAsBoolean()) {
				throw new NoAnswerException(Reason.GONE, "the client has gone");
			}
			meters.repeated(hub, event.name());
		}
	}

	private Answer attempt(Event event, @Nullable String cookie) throws NoAnswerException, InterruptedException {
		if (!checked && !(firstCheck.await(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) && checked)) {
			throw new NoAnswerException(Reason.UNCHECKED, "it has not passed the handler check");
		}
		Instant now = Instant.now();
		return client.post(url.of(event.name()), fields -> {
			headers.write(event, now, fields);
			if (cookie != null) {
				fields.put(HttpHeader.COOKIE, cookie);
			}
		}, event.contentType(), event.body(), limits);
	}

	/** Ends the handler check. */
	@Override
	public void close() {
		Thread running = checking;
		if (running != null) {
			running.interrupt();
		}
	}
}
