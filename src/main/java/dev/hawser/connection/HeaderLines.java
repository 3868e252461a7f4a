package dev.hawser.connection;

import org.springframework.http.HttpHeaders;

/**
 * The headers of a handshake in one string: what Spring's contract keeps for the life of a connection, and hardly any
 * handler asks for, costs their length and not a map.
 */
public final class HeaderLines {
	private final String lines;

	private HeaderLines(String lines) {
		this.lines = lines;
	}

	public static HeaderLines of(HttpHeaders headers) {
		Collector collector = new Collector();
		headers.forEach((name, values) -> values.forEach(value -> collector.add(name, value)));
		return collector.lines();
	}

	/** Takes headers one by one. */
	public static final class Collector {
		private final StringBuilder lines = new StringBuilder(512);

		public void add(String name, String value) {
			lines.append(name).append(':').append(value).append('\n');
		}

		public HeaderLines lines() {
			return new HeaderLines(lines.toString());
		}
	}

	/** The headers as they were; a new object at each call. */
	public HttpHeaders toHttpHeaders() {
		HttpHeaders headers = new HttpHeaders();
		lines.lines().forEach(line -> {
			int colon = line.indexOf(':');
			headers.add(line.substring(0, colon), line.substring(colon + 1));
		});
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	/** The number of characters only: a header may be a ticket. */
	@Override
	public String toString() {
		return "HeaderLines[" + lines.length() + " characters]";
	}
}
