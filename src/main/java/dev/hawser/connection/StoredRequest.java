package dev.hawser.connection;

import org.springframework.http.HttpHeaders;

/**
 * Address and headers of a handshake in one string: what Spring's contract keeps for the life of a connection, and hardly any
 * handler asks for, costs its length and not a map.
 */
public final class StoredRequest {
	/** The address, a line feed, and each header with a line feed behind it; HTTP lets neither contain one. */
	private final String lines;

	private StoredRequest(String lines) {
		this.lines = lines;
	}

	/** @param uri the request's, with its query */
	public static StoredRequest of(String uri, HttpHeaders headers) {
		Collector collector = new Collector(uri);
		headers.forEach((name, values) -> values.forEach(value -> collector.add(name, value)));
		return collector.lines();
	}

	/** Takes headers one by one. */
	public static final class Collector {
		private final StringBuilder lines = new StringBuilder(512);

		/** @param uri the request's, with its query */
		public Collector(String uri) {
			lines.append(uri).append('\n');
		}

		public void add(String name, String value) {
			lines.append(name).append(':').append(value).append('\n');
		}

		public StoredRequest lines() {
			return new StoredRequest(lines.toString());
		}
	}

	/** The address, with its query. */
	public String uri() {
		return lines.substring(0, lines.indexOf('\n'));
	}

	/** The headers as they were; a new object at each call. */
	public HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		lines.lines().skip(1).forEach(line -> {
			int colon = line.indexOf(':');
			headers.add(line.substring(0, colon), line.substring(colon + 1));
		});
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	/** The number of characters only: a ticket may stand in it. */
	@Override
	public String toString() {
		return "StoredRequest[" + lines.length() + " characters]";
	}
}
