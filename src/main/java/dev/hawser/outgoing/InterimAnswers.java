package dev.hawser.outgoing;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Skips the interim answers (1xx, RFC 9110 section 15.2) that a server may send before its final answer. A request is aborted when
 * more than a few come.
 */
final class InterimAnswers extends EarlyHintsProtocolHandler {
	private static final int MOST = 8;
	private static final String COUNT = InterimAnswers.class.getName();

	@Override
	public String getName() {
		return "interim-answers";
	}

	@Override
	public boolean accept(Request request, Response response) {
		return HttpStatus.isInformational(response.getStatus()) && response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101;
	}

	@Override
	protected void onEarlyHints(Request request, HttpFields headers) {
		int count = 1 + (int) request.getAttributes().getOrDefault(COUNT, 0);
		request.attribute(COUNT, count);
		if (count > MOST) {
			CompletableFuture<Boolean> _ = request.abort(new IOException("Too many interim answers"));
		}
	}
}
