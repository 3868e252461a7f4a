package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.net.URI;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Asks a backend whether it wants the events of this server (CloudEvents, HTTP 1.1 webhooks, section 4), so that
 * this server cannot be used to send requests to a server that does not expect them:
 *
 * <pre>
 *  OPTIONS /hawser/validate
 *  WebHook-Request-Origin: hawser
 *
 *  200
 *  WebHook-Allowed-Origin: hawser          (or *)
 * </pre>
 *
 * A backend that answers OPTIONS with 404 is asked again with GET.
 */
final class HandlerCheck {
	private static final String ALLOWED = "WebHook-Allowed-Origin";

	private final BackendClient client;
	private final URI url;
	private final String origin;
	private final BackendClient.Limits limits;

	/**
	 * @param url    the URL of the event {@code validate}
	 * @param origin the name of this server
	 */
	HandlerCheck(BackendClient client, URI url, String origin, BackendClient.Limits limits) {
		this.client = client;
		this.url = url;
		this.origin = origin;
		this.limits = limits;
	}

	/**
	 * Returns when the backend wants the events.
	 *
	 * @param headers the headers of the check
	 * @throws NoAnswerException when the backend does not ({@link Reason#UNCHECKED}), or gives no answer that says so (other reasons)
	 */
	void pass(HttpFields headers) throws NoAnswerException, InterruptedException {
		Answer answer = client.ask(HttpMethod.OPTIONS, url, fields -> fields.add(headers), limits);
		if (answer.status() == HttpStatus.NOT_FOUND_404) {
			answer = client.ask(HttpMethod.GET, url, fields -> fields.add(headers), limits);
		}
		if (answer.isPassingFailure()) {
			throw new NoAnswerException(Reason.STATUS, "it answers " + answer.status() + " to the handler check");
		}
		if (!answer.isSuccess()) {
			throw new NoAnswerException(Reason.UNCHECKED, "it answers " + answer.status() + " to the handler check");
		}
		String allowed = answer.header(ALLOWED);
		if (allowed == null || !(allowed.strip().equals("*") || allowed.strip().equalsIgnoreCase(origin))) {
			throw new NoAnswerException(Reason.UNCHECKED,
					"its answer to the handler check does not allow this server: send '" + ALLOWED + ": " + origin + "', or *");
		}
	}
}
