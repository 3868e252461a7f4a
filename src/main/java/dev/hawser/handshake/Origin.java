package dev.hawser.handshake;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page (RFC 6454), in the form for comparison (RFC 3986 section 6.2.2.1): scheme and host in lower case, and the
 * scheme's default port in place of a missing one.
 *
 * @param host empty for schemes that have no hosts, such as {@code file}
 * @param port -1 for none
 */
record Origin(String scheme, String host, int port) {
	private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9+.-]*)://(\\[[0-9a-f:.]+]|[^\\[\\]/?#@:\\s*]*)(?::(\\d{1,5}))?");
	private static final int HIGHEST_PORT = 65_535;

	/** Null for text that is not an origin. The text may be anything that a client sends. */
	static @Nullable Origin of(String text) {
		Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
		if (!parts.matches()) {
			return null;
		}
		String scheme = parts.group(1);
		String host = host(parts.group(2));
		int port = parts.group(3) == null ? defaultPort(scheme) : Integer.parseInt(parts.group(3));
		return host == null || (host.isEmpty() && isOfTheWeb(scheme)) || port > HIGHEST_PORT ? null : new Origin(scheme, host, port);
	}

	/** The origin of a page at this URL. */
	static @Nullable Origin ofAddress(String address) {
		int authority = address.indexOf("://") + 3;
		int end = authority;
		while (end < address.length() && "/?#".indexOf(address.charAt(end)) < 0) {
			end++;
		}
		return of(address.substring(0, end));
	}

	/** The host for comparison. An IPv6 address has many spellings and gets that of the JDK. Null for an invalid address. */
	private static @Nullable String host(String host) {
		if (!host.startsWith("[")) {
			return host;
		}
		try {
			return '[' + InetAddress.ofLiteral(host.substring(1, host.length() - 1)).getHostAddress() + ']';
		}
		catch (IllegalArgumentException e) {
			return null;
		}
	}

	/** Whether this is an origin of the web: http or https, which always have a host. */
	boolean isOfTheWeb() {
		return isOfTheWeb(scheme);
	}

	private static boolean isOfTheWeb(String scheme) {
		return scheme.equals("http") || scheme.equals("https");
	}

	private static int defaultPort(String scheme) {
		return switch (scheme) {
			case "http" -> 80;
			case "https" -> 443;
			default -> -1;
		};
	}

	/** Whether the origin's pages are served by the machine that the browser runs on (RFC 6761 section 6.3). */
	boolean isLoopback() {
		return isOfTheWeb() && (host.equals("localhost") || host.endsWith(".localhost") || isLoopbackAddress());
	}

	private boolean isLoopbackAddress() {
		try {
			return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host).isLoopbackAddress();
		}
		catch (IllegalArgumentException e) {
			return false; // a host name
		}
	}
}
