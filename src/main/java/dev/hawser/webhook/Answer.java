package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.eclipse.jetty.http.HttpDateTime;
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

	/** @throws NoAnswerException when the answer sets more than one state, or is compressed, which no call asks for */
	void requireReadable() throws NoAnswerException {
		if (headers.getValuesList(EventHeaders.STATE).size() > 1) {
			throw new NoAnswerException(Reason.INVALID, "its answer has " + EventHeaders.STATE + " more than once");
		}
		if (headers.getFields("Content-Type").size() > 1) {
			throw new NoAnswerException(Reason.INVALID, "its answer has more than one Content-Type");
		}
		if (body.length > 0
				&& headers.getCSV("Content-Encoding", false).stream().anyMatch(coding -> !coding.equalsIgnoreCase("identity"))) {
			throw new NoAnswerException(Reason.INVALID, "its answer has a Content-Encoding, which no call asks for");
		}
	}

	/** The media type of the body, in lower case and without parameters; empty when the answer does not say. */
	String mediaType() {
		String type = header("Content-Type");
		return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
	}

	/**
	 * The pause that the backend asks for before the next call (RFC 9110 section 10.2.3), as seconds or as a time; zero for none, and
	 * for what is neither.
	 *
	 * @param now the time, where the answer has no {@code Date} with the backend's own
	 */
	Duration retryAfter(Instant now, Duration longest) {
		String value = header("Retry-After");
		if (value == null) {
			return Duration.ZERO;
		}
		String text = value.strip();
		if (text.matches("[0-9]+")) {
			return text.length() > 9 ? longest : atMost(Duration.ofSeconds(Long.parseLong(text)), longest);
		}
		Instant until = time(text);
		if (until == null) {
			return Duration.ZERO;
		}
		String date = header("Date");
		Instant backends = date == null ? null : time(date.strip());
		return atMost(Duration.between(backends == null ? now : backends, until), longest);
	}

	private static Duration atMost(Duration pause, Duration longest) {
		return pause.isNegative() ? Duration.ZERO : pause.compareTo(longest) > 0 ? longest : pause;
	}

	private static @Nullable Instant time(String text) {
		long millis = HttpDateTime.parseToEpoch(text);
		return millis < 0 ? null : Instant.ofEpochMilli(millis);
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
