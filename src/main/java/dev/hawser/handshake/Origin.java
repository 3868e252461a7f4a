package dev.hawser.handshake;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from (RFC 6454), in the form in which two are compared (RFC 3986 section 6.2.2.1): scheme and host in lower case, the
 * scheme's own port in the place of none.
 *
 * @param host empty for schemes that have no hosts, such as {@code file}
 * @param port -1 for none
 */
record Origin(String scheme, String host, int port) {
	private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9+.-]*)://(\\[[0-9a-f:.]+]|[^\\[\\]/?#@:\\s*]*)(?::(\\d{1,5}))?");
	private static final int HIGHEST_PORT = 65_535;

	/** Null for what is no origin. The text may be anything that a client sends. */
	static @Nullable Origin of(String text) {
		Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
		if (!parts.matches()) {
			return null;
		}
		String scheme = parts.group(1);
		String host = host(parts.group(2));
		int port = parts.group(3) == null ? defaultPort(scheme) : Integer.parseInt(parts.group(3));
		return host == null || host.isEmpty() && isOfTheWeb(scheme) || port > HIGHEST_PORT ? null : new Origin(scheme, host, port);
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

	/** An IPv6 address has many spellings; it gets the one of the JDK. Null for one that is no address. */
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

	/** Pages of the web have a host. */
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

	/** Whether its pages are served by the machine that the browser runs on (RFC 6761 section 6.3). */
	boolean isLoopback() {
		return isOfTheWeb() && (host.equals("localhost") || host.endsWith(".localhost") || isLoopbackAddress());
	}

	private boolean isLoopbackAddress() {
		try {
			return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host).isLoopbackAddress();
		}
		catch (IllegalArgumentException e) {
			return false; // a name
		}
	}
}
