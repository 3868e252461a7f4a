package dev.hawser.webhook;

import dev.hawser.settings.SettingCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * One backend of a hub, and the events that it gets.
 *
 * @param url           where the events are posted; {hub} and {event} may stand in the path and the query, and are filled in
 * @param events        names of the events for this backend: connect, connected, disconnected, message, or * for all; an event goes to the
 *     first backend that lists it
 * @param secrets       secrets that sign each event, the newest first; receivers accept any of them, so that one can be replaced
 * @param origin        the name of this server in WebHook-Request-Origin, which the backend has to allow
 * @param handlerCheck  whether the backend is asked with OPTIONS if it wants the events, before it gets the first one
 * @param timeout       time for one call, from its first byte to the last byte of the answer
 * @param retries       how often a call is repeated that got no answer, or the status 408 or 5xx
 * @param retryDelay    pause before the first repetition; doubles with each one, and varies by up to a quarter
 * @param onFailure     what happens to a client whose message the backend has not taken
 * @param answerSize    largest body of an answer
 * @param maxCalls      most calls to the backend at the same time
 * @param maxWaiting    most calls that wait because of max-calls; a further one fails
 * @param maxWait       longest time that a call waits because of max-calls; then it fails
 * @param http2         whether the backend is called over HTTP/2, in cleartext too
 * @param sslBundle     name of the bundle below spring.ssl.bundle with the trusted certificates, and with a client certificate if the
 *     backend wants one; the certificates that the JVM trusts when it is not set
 * @param allowLinkLocal whether the backend may have a link-local address or that of a cloud's metadata service
 */
public record WebhookSettings(@DefaultValue("") String url, @DefaultValue("*") List<String> events, @DefaultValue List<String> secrets,
		@DefaultValue("hawser") String origin, @DefaultValue("true") boolean handlerCheck, @DefaultValue("10s") Duration timeout,
		@DefaultValue("3") int retries, @DefaultValue("500ms") Duration retryDelay, @DefaultValue("close") OnFailure onFailure,
		@DefaultValue("1MB") DataSize answerSize, @DefaultValue("1000") int maxCalls,
		@DefaultValue("10000") int maxWaiting, @DefaultValue("10s") Duration maxWait, @DefaultValue("false") boolean http2,
		@Nullable String sslBundle, @DefaultValue("false") boolean allowLinkLocal) {
	private static final int SHORTEST_SECRET = 24;
	private static final DataSize SMALLEST = DataSize.ofBytes(1);
	private static final DataSize LARGEST = DataSize.ofMegabytes(16);

	/** What happens to a client whose message the backend has not taken. */
	public enum OnFailure {
		/** The connection is closed with 1011. */
		CLOSE,
		/** The message is dropped and counted. */
		DROP,
		/** The client gets a text message that says so. */
		ERROR
	}

	/**
	 * Checks the values.
	 *
	 * @param entry the property of this entry, such as {@code hawser.webhooks[0]}
	 * @throws IllegalArgumentException with a sentence that begins with the property
	 */
	void check(String entry) {
		SettingCheck check = new SettingCheck(entry);
		String wrong = UrlTemplate.wrong(url);
		check.require(wrong == null, "url " + wrong);
		check.require(events.stream().allMatch(EventNames::isPattern),
				"events must name events, such as connect, connected, disconnected and message, or * for all.");
		check.require(secrets.stream().allMatch(secret -> secret.getBytes(StandardCharsets.UTF_8).length >= SHORTEST_SECRET),
				"secrets must have at least " + SHORTEST_SECRET + " bytes each: make one with 'openssl rand -base64 32'.");
		check.require(secrets.stream().allMatch(Secret::isReadable),
				"secrets has an entry that begins with " + Secret.PREFIX + " and is not base64 after it.");
		check.require(origin.matches("[A-Za-z0-9._:-]{1,253}"), "origin must be a host name, such as chat.example.com.");
		check.positive("timeout", timeout, "the default is 10s");
		check.notNegative("retries", retries, "0 turns repetitions off");
		check.positive("retry-delay", retryDelay, "the default is 500ms");
		check.between("answer-size", answerSize, SMALLEST, LARGEST, "1B and 16MB", "the default is 1MB");
		check.positive("max-calls", maxCalls, "the default is 1000");
		check.notNegative("max-waiting", maxWaiting, "with 0 no call waits");
		check.positive("max-wait", maxWait, "the default is 10s");
		check.require(sslBundle == null || url.toLowerCase(Locale.ROOT).startsWith("https:"), "ssl-bundle is for a url with https only.");
	}

	/** Contains neither the secrets nor the URL, whose query may be a secret. */
	@Override
	public String toString() {
		return "WebhookSettings[events=" + events + ']';
	}
}
