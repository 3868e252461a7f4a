package dev.hawser.webhook;

import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** A backend's whole answer to a call. */
record Answer(int status, HttpFields headers, byte[] body) {

	boolean isSuccess() {
		return status / 100 == 2;
	}

	/** Whether another attempt may have a better answer. */
	boolean isPassingFailure() {
		return status == 408 || status / 100 == 5;
	}

	/** The media type of the body, in lower case and without parameters; empty when the answer does not say. */
	String mediaType() {
		String type = header("Content-Type");
		return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
	}

	/** The pause that the backend asks for before the next call (RFC 9110 section 10.2.3), in seconds only; zero for none. */
	Duration retryAfter(Duration longest) {
		String value = header("Retry-After");
		return value == null || !value.matches("[0-9]{1,9}") ? Duration.ZERO
				: Duration.ofSeconds(Math.min(Long.parseLong(value), longest.toSeconds()));
	}

	@Nullable
	String header(String name) {
		return headers.get(name);
	}

	/** Without headers and body, which must not get into a log. */
	@Override
	public String toString() {
		return "Answer[" + status + ']';
	}
}
