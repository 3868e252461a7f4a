package dev.hawser.http.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy says about the request that it received. Null for what it does not say.
 *
 * @param client from whom the proxy received it, {@link #UNKNOWN} when it does not tell; port 0 when it leaves that out
 * @param scheme http or https
 * @param host   the host that was asked for, IPv6 in brackets
 * @param port   the port that was asked for; 0 for the scheme's own
 */
record ForwardedHop(@Nullable InetSocketAddress client, @Nullable String scheme, @Nullable String host, int port) {
	/** RFC 7239 section 6.2 and 6.3: a name that the proxy made up, or none. */
	static final InetSocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

	private static final int HIGHEST_PORT = 65_535;
	/** RFC 7239 section 6: the port may be obfuscated. */
	private static final Pattern NODE = Pattern.compile("([0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}|_[A-Za-z0-9._-]+))?");
	/** As X-Forwarded-For has it; no zone: it means something on the proxy's machine only. */
	private static final Pattern BARE_IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
	private static final Pattern AUTHORITY = Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");

	/** Takes the values as they stand in the headers. */
	static ForwardedHop of(@Nullable String node, @Nullable String proto, @Nullable String host, @Nullable String port) {
		Matcher authority = AUTHORITY.matcher(host == null ? "" : host);
		boolean hasHost = authority.matches();
		int ofHost = hasHost ? port(authority.group(2)) : 0;
		return new ForwardedHop(address(node), scheme(proto), hasHost ? authority.group(1) : null, ofHost > 0 ? ofHost : port(port));
	}

	/** Unknown is all that is no literal address: names are never looked up. */
	private static @Nullable InetSocketAddress address(@Nullable String node) {
		if (node == null) {
			return null;
		}
		Matcher withPort = NODE.matcher(node);
		String literal = withPort.matches() ? withPort.group(1) : BARE_IPV6.matcher(node).matches() && node.contains(":") ? node : null;
		if (literal == null) {
			return UNKNOWN;
		}
		try {
			InetAddress address = InetAddress.ofLiteral(literal.startsWith("[") ? literal.substring(1, literal.length() - 1) : literal);
			return new InetSocketAddress(address, literal.equals(node) ? 0 : port(withPort.group(2)));
		}
		catch (IllegalArgumentException e) {
			return UNKNOWN;
		}
	}

	/** Some proxies call the scheme of a WebSocket by its own name. */
	private static @Nullable String scheme(@Nullable String proto) {
		return proto == null ? null : switch (proto.toLowerCase(Locale.ROOT)) {
			case "http", "ws" -> "http";
			case "https", "wss" -> "https";
			default -> null;
		};
	}

	private static int port(@Nullable String digits) {
		if (digits == null || digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
			return 0;
		}
		int port = Integer.parseInt(digits);
		return port > HIGHEST_PORT ? 0 : port;
	}

	/** Whether the other tells of another client, scheme or host: one of both was not written by a proxy. */
	boolean contradicts(ForwardedHop other) {
		return client != null && other.client != null && !client.getAddress().equals(other.client.getAddress())
				|| scheme != null && other.scheme != null && !scheme.equals(other.scheme)
				|| host != null && other.host != null && !host.equalsIgnoreCase(other.host);
	}

	/** This hop, with what only the other says. */
	ForwardedHop or(ForwardedHop other) {
		return new ForwardedHop(client != null ? client : other.client, scheme != null ? scheme : other.scheme,
				host != null ? host : other.host, port > 0 ? port : other.port);
	}
}
