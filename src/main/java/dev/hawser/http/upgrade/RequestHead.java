package dev.hawser.http.upgrade;

import dev.hawser.http.HeadLimits;
import dev.hawser.protocol.FieldReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The head of a GET by HTTP/1.1 without a body, in a plain form that every parser understands in the same way (RFC 9112 sections 2
 * to 5). All other heads are left to Jetty's parser, which knows the other allowed forms and the answers to forbidden ones.
 *
 * @param target  path and query, as received
 * @param host    name or IPv4 address, with or without a port
 * @param headers the headers, in their order
 */
record RequestHead(String target, String host, HttpFields headers) {
	private static final byte[] METHOD = "GET /".getBytes(StandardCharsets.US_ASCII);
	private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
	/** RFC 3986 sections 3.3 and 3.4: the characters of path and query. */
	private static final boolean[] IN_TARGET = ascii("-._~!$&'()*+,;=:@%/?");
	/** RFC 9110 section 5.6.2: token. */
	private static final boolean[] IN_NAME = tokenChars();
	private static final boolean[] IN_HOST = ascii("-.");
	private static final int LONGEST_HOST = 253;
	private static final int LARGEST_PORT = 65535;
	private static final int DEFAULT_PORT = 80;
	/**
	 * Headers of requests that are not plain: after them something other than a request may follow, or they ask for more than an
	 * answer.
	 */
	private static final Set<HttpHeader> NOT_PLAIN = EnumSet.of(HttpHeader.CONTENT_LENGTH, HttpHeader.TRANSFER_ENCODING,
			HttpHeader.EXPECT, HttpHeader.TRAILER, HttpHeader.HTTP2_SETTINGS);

	/**
	 * Reads a head and leaves {@code in} at the byte after it.
	 *
	 * @return the head; null, with {@code in} unchanged, when the head is not plain, too large or incomplete
	 */
	static @Nullable RequestHead read(ByteBuffer in, HeadLimits limits) {
		byte[] bytes = new byte[Math.min(in.remaining(), limits.bytes())];
		in.get(in.position(), bytes);
		Reader reader = new Reader(bytes);
		RequestHead head = reader.read(limits.count());
		if (head != null) {
			in.position(in.position() + reader.at);
		}
		return head;
	}

	/** The requested address. */
	String uri() {
		return "http://" + host + target;
	}

	/** Whether the address is certainly a valid {@link java.net.URI}: only a percent sign in it could be wrong. */
	boolean isSurelyUri() {
		return target.indexOf('%') < 0;
	}

	String path() {
		int query = target.indexOf('?');
		return query < 0 ? target : target.substring(0, query);
	}

	/** Reads the bytes once. Every method returns null, or a negative number, for a form that is not plain. */
	private static final class Reader {
		private final byte[] bytes;
		private int at;

		Reader(byte[] bytes) {
			this.bytes = bytes;
		}

		@Nullable
		RequestHead read(int maxCount) {
			String target = target();
			if (target == null) {
				return null;
			}
			HttpFields.Mutable headers = HttpFields.build();
			String host = null;
			while (!endOfLine()) {
				HttpField header = headers.size() < maxCount ? header() : null;
				if (header == null || NOT_PLAIN.contains(header.getHeader())) {
					return null;
				}
				if (header.getHeader() == HttpHeader.HOST) {
					if (host != null) {
						return null;
					}
					host = header.getValue();
				}
				headers.add(header);
			}
			return host == null || !isPlainHost(host) ? null : new RequestHead(target, host, headers.asImmutable());
		}

		private @Nullable String target() {
			int start = METHOD.length - 1;
			if (!startsWith(METHOD)) {
				return null;
			}
			at = skip(start, IN_TARGET);
			String target = text(start, at);
			if (!startsWith(VERSION)) {
				return null;
			}
			at += VERSION.length;
			return target;
		}

		private @Nullable HttpField header() {
			int colon = skip(at, IN_NAME);
			if (colon == at || colon == bytes.length || bytes[colon] != ':') {
				return null;
			}
			int start = skipBlanks(colon + 1);
			int end = start;
			while (end < bytes.length && bytes[end] >= ' ' && bytes[end] < 0x7F) {
				end++;
			}
			int last = end;
			while (last > start && bytes[last - 1] == ' ') {
				last--;
			}
			String name = text(at, colon);
			at = end;
			return last == start || !endOfLine() ? null : field(name, text(start, last));
		}

		/** A header; known names get their usual spelling, since names are case-insensitive (RFC 9110 section 5.1). */
		private static HttpField field(String name, String value) {
			HttpHeader known = HttpHeader.CACHE.get(name);
			return known == null ? new HttpField(name, value) : new HttpField(known, value);
		}

		private int skipBlanks(int from) {
			int end = from;
			while (end < bytes.length && bytes[end] == ' ') {
				end++;
			}
			return end;
		}

		/** Skips the end of the line and returns true, if the line ends here. */
		private boolean endOfLine() {
			if (at + 1 >= bytes.length || bytes[at] != '\r' || bytes[at + 1] != '\n') {
				return false;
			}
			at += 2;
			return true;
		}

		private int skip(int from, boolean[] allowed) {
			int end = from;
			while (end < bytes.length && bytes[end] >= 0 && allowed[bytes[end]]) {
				end++;
			}
			return end;
		}

		private boolean startsWith(byte[] expected) {
			return at + expected.length <= bytes.length && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
		}

		private String text(int from, int to) {
			return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
		}
	}

	/**
	 * Whether this is a name or IPv4 address, with or without a port. The default port 80 is not plain: it is left to Jetty's
	 * parser, which removes it.
	 */
	private static boolean isPlainHost(String host) {
		int colon = host.indexOf(':');
		int end = colon < 0 ? host.length() : colon;
		for (int i = 0; i < end; i++) {
			if (!IN_HOST[host.charAt(i)]) { // a header is ASCII
				return false;
			}
		}
		return end > 0 && end <= LONGEST_HOST && (colon < 0 || isPlainPort(host, colon + 1));
	}

	private static boolean isPlainPort(String host, int from) {
		int port = 0;
		for (int i = from; i < host.length() && port <= LARGEST_PORT; i++) {
			int digit = host.charAt(i) - '0';
			if (digit < 0 || digit > 9 || (i == from && digit == 0)) {
				return false;
			}
			port = 10 * port + digit;
		}
		return port > 0 && port <= LARGEST_PORT && port != DEFAULT_PORT;
	}

	private static boolean[] tokenChars() {
		boolean[] allowed = new boolean[128];
		for (int c = 0; c < allowed.length; c++) {
			allowed[c] = FieldReader.isTokenChar(c);
		}
		return allowed;
	}

	private static boolean[] ascii(String others) {
		boolean[] allowed = new boolean[128];
		others.chars().forEach(c -> allowed[c] = true);
		for (int c = 0; c < allowed.length; c++) {
			allowed[c] |= (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		}
		return allowed;
	}
}
