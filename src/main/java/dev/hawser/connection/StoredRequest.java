package dev.hawser.connection;

import org.springframework.http.HttpHeaders;

/**
 * Address and headers of a handshake in one string. Spring's contract keeps them for the life of a connection, but hardly any
 * handler reads them; a string takes less memory than a map.
 */
public final class StoredRequest {
	/** The address and a line feed, then each header and a line feed; HTTP allows no line feed within them. */
	private final String lines;

	private StoredRequest(String lines) {
		this.lines = lines;
	}

	/** What {@link #lines} has returned. */
	static StoredRequest ofLines(String lines) {
		return new StoredRequest(lines);
	}

	/** The text alone: a connection keeps it without this object around it. */
	String lines() {
		return lines;
	}

	/** @param uri the request's, with its query */
	public static StoredRequest of(String uri, HttpHeaders headers) {
		Collector collector = new Collector(uri);
		headers.forEach((name, values) -> values.forEach(value -> collector.add(name, value)));
		return collector.lines();
	}

	/** Collects the headers one by one. */
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

	/** The number of characters only, since the text may contain a token. */
	@Override
	public String toString() {
		return "StoredRequest[" + lines.length() + " characters]";
	}
}
