package dev.hawser.http.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request as one proxy received it, as far as the proxy describes it. What the proxy leaves out is null.
 *
 * @param client the sender of the request, {@link #UNKNOWN} when the proxy hides it; port 0 when the proxy leaves out the port
 * @param scheme http or https
 * @param host   the host in the request, IPv6 in brackets
 * @param port   the port in the request; 0 for the scheme's default
 */
record ForwardedHop(@Nullable InetSocketAddress client, @Nullable String scheme, @Nullable String host, int port) {
	/** RFC 7239 section 6.2 and 6.3: the proxy has given a name of its own, or {@code unknown}, in place of an address. */
	static final InetSocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

	private static final int HIGHEST_PORT = 65_535;
	/** RFC 7239 section 6: the port may be obfuscated. */
	private static final Pattern NODE = Pattern.compile("([0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}|_[A-Za-z0-9._-]+))?");
	/** IPv6 as X-Forwarded-For has it, without a zone, which has a meaning only on the proxy's machine. */
	private static final Pattern BARE_IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
	private static final Pattern AUTHORITY = Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");

	/** Makes a hop of the values in the headers. */
	static ForwardedHop of(@Nullable String node, @Nullable String proto, @Nullable String host, @Nullable String port) {
		Matcher authority = AUTHORITY.matcher(host == null ? "" : host);
		boolean hasHost = authority.matches();
		int ofHost = hasHost ? port(authority.group(2)) : 0;
		return new ForwardedHop(address(node), scheme(proto), hasHost ? authority.group(1) : null, ofHost > 0 ? ofHost : port(port));
	}

	/** The literal address; everything else is unknown, since names are never looked up. */
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

	/** http or https: some proxies write ws or wss for a WebSocket. */
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

	/** Whether the other hop has another client, scheme or host: then one of the two was not written by a proxy. */
	boolean contradicts(ForwardedHop other) {
		return (client != null && other.client != null && !client.getAddress().equals(other.client.getAddress()))
				|| (scheme != null && other.scheme != null && !scheme.equals(other.scheme))
				|| (host != null && other.host != null && !host.equalsIgnoreCase(other.host));
	}

	/** This hop, completed with the values that only the other has. */
	ForwardedHop or(ForwardedHop other) {
		return new ForwardedHop(client != null ? client : other.client, scheme != null ? scheme : other.scheme,
				host != null ? host : other.host, port > 0 ? port : other.port);
	}
}
