package dev.hawser.http.proxy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The hops of a request in its headers, the client's side first. Each proxy appends on the right, and the client may have written
 * the values on the left: the hops are read from the right, as long as they are trusted proxies.
 */
final class ForwardedHops {
	private ForwardedHops() {
	}

	/** The hop at which the request reached the first of the trusted proxies; null without such headers. */
	static @Nullable ForwardedHop entry(HttpFields headers, InetSocketAddress peer, Predicate<InetSocketAddress> trusted) {
		ForwardedHop standard = entry(standard(headers), peer, trusted);
		ForwardedHop usual = entry(usual(headers), peer, trusted);
		if (standard == null || usual == null) {
			return standard == null ? usual : standard;
		}
		// a proxy that writes one kind of header passes the other on as the client sent it
		if (standard.contradicts(usual)) {
			throw refusal();
		}
		return standard.or(usual);
	}

	private static RefusedRequestException refusal() {
		return new RefusedRequestException(400, "forwarded",
				"Forwarded must follow RFC 7239 and must not contradict the X-Forwarded headers.");
	}

	private static @Nullable ForwardedHop entry(List<ForwardedHop> hops, InetSocketAddress peer, Predicate<InetSocketAddress> trusted) {
		ForwardedHop entry = null;
		InetSocketAddress client = null;
		for (ForwardedHop hop : hops.reversed()) {
			entry = hop;
			if (hop.client() == null) {
				break;
			}
			if (hop.client() == ForwardedHop.UNKNOWN) {
				client = client == null ? peer : client; // the last known address
				break;
			}
			client = hop.client();
			if (!trusted.test(client)) {
				break;
			}
		}
		return entry == null ? null : new ForwardedHop(client, entry.scheme(), entry.host(), entry.port());
	}

	/** RFC 7239. */
	private static List<ForwardedHop> standard(HttpFields headers) {
		List<ForwardedHop> hops = new ArrayList<>();
		try {
			for (String line : headers.getValuesList(HttpHeader.FORWARDED)) {
				for (Map<String, String> element : ForwardedElements.parse(line)) {
					hops.add(ForwardedHop.of(element.get("for"), element.get("proto"), element.get("host"), null));
				}
			}
		}
		catch (IllegalArgumentException e) {
			throw refusal();
		}
		return hops;
	}

	/**
	 * X-Forwarded headers: one list for each of address, scheme, host and port. A proxy that does not append to a list replaces it.
	 */
	private static List<ForwardedHop> usual(HttpFields headers) {
		List<String> nodes = list(headers, HttpHeader.X_FORWARDED_FOR);
		List<String> protos = list(headers, HttpHeader.X_FORWARDED_PROTO);
		List<String> hosts = list(headers, HttpHeader.X_FORWARDED_HOST);
		List<String> ports = list(headers, HttpHeader.X_FORWARDED_PORT);
		if (nodes.isEmpty() && protos.isEmpty() && hosts.isEmpty() && ports.isEmpty()) {
			return List.of();
		}
		List<ForwardedHop> hops = new ArrayList<>();
		for (int fromRight = Math.max(nodes.size(), 1); fromRight > 0; fromRight--) {
			hops.add(ForwardedHop.of(fromRight > nodes.size() ? null : nodes.get(nodes.size() - fromRight), value(protos, fromRight),
					value(hosts, fromRight), value(ports, fromRight)));
		}
		return hops;
	}

	private static @Nullable String value(List<String> values, int fromRight) {
		return values.isEmpty() ? null : values.get(Math.max(0, values.size() - fromRight));
	}

	/**
	 * The values of all lines of the header, in order. These headers have no quoted strings: a quote that the client has left open
	 * must not swallow the values that a proxy has appended.
	 */
	private static List<String> list(HttpFields headers, HttpHeader name) {
		List<String> values = new ArrayList<>();
		for (String line : headers.getValuesList(name)) {
			Arrays.stream(line.split(",")).map(String::strip).filter(value -> !value.isEmpty()).forEach(values::add);
		}
		return values;
	}
}
