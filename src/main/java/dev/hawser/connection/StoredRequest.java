package dev.hawser.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Address and headers of a handshake in one string. Spring's contract keeps them for the life of a connection, but hardly any
 * handler reads them; a string takes less memory than a map. The usual beginnings of headers are one character each, which saves 80 bytes
 * of the smallest handshake and more of a browser's.
 */
public final class StoredRequest {
	/** Beginnings of lines, with the whole value or without; of two that fit, the longer one comes first. */
	private static final List<String> USUAL = List.of("Host:", "Upgrade:websocket", "Connection:Upgrade",
			"Connection:keep-alive, Upgrade", "Sec-WebSocket-Version:13", "Sec-WebSocket-Key:",
			"Sec-WebSocket-Extensions:permessage-deflate; client_max_window_bits", "Sec-WebSocket-Protocol:", "Origin:http://",
			"Origin:https://", "User-Agent:Mozilla/5.0 (", "User-Agent:", "Accept-Encoding:gzip, deflate", "Accept-Language:",
			"Cache-Control:no-cache", "Pragma:no-cache", "Cookie:", "Authorization:Bearer ");
	/** Stands for the first of {@link #USUAL}, the next character for the next one. No name of a header contains such a character. */
	private static final char FIRST = 14;

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

		/** @param value null for an empty one */
		public void add(String name, @Nullable String value) {
			String text = value == null ? "" : value;
			int known = usual(name, text);
			if (known < 0) {
				lines.append(name).append(':').append(text);
			}
			else {
				lines.append((char) (FIRST + known)).append(text, USUAL.get(known).length() - name.length() - 1, text.length());
			}
			lines.append('\n');
		}

		/** The number of the usual beginning that this header has; -1 for none. */
		private static int usual(String name, String value) {
			int colon = name.length();
			for (int i = 0; i < USUAL.size(); i++) {
				String each = USUAL.get(i);
				if (each.length() > colon && each.charAt(colon) == ':' && each.startsWith(name)
						&& value.regionMatches(0, each, colon + 1, each.length() - colon - 1)) {
					return i;
				}
			}
			return -1;
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
		lines.lines().skip(1).map(StoredRequest::whole).forEach(line -> {
			int colon = line.indexOf(':');
			headers.add(line.substring(0, colon), line.substring(colon + 1));
		});
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	private static String whole(String line) {
		int known = line.charAt(0) - FIRST;
		return known >= 0 && known < USUAL.size() ? USUAL.get(known) + line.substring(1) : line;
	}

	/** The number of characters only, since the text may contain a token. */
	@Override
	public String toString() {
		return "StoredRequest[" + lines.length() + " characters]";
	}
}
