package dev.hawser.http.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.util.InetAddressPattern;
import org.jspecify.annotations.Nullable;

/** The addresses of the proxies that may name the client of a request. */
final class TrustedProxies {
	private final List<InetAddressPattern> ranges;

	/**
	 * @param ranges addresses and CIDR ranges, IPv4 and IPv6
	 * @throws IllegalArgumentException for anything else, such as a host name: the DNS server that resolves it would decide which
	 *     proxy is trusted
	 */
	TrustedProxies(List<String> ranges) {
		this.ranges = ranges.stream().map(TrustedProxies::range).toList();
	}

	private static InetAddressPattern range(String range) {
		int slash = range.indexOf('/');
		InetAddress.ofLiteral(slash < 0 ? range : range.substring(0, slash));
		return InetAddressPattern.from(range);
	}

	/** Whether a proxy at this address is trusted; false for an address that is not an IP address. */
	boolean trust(@Nullable SocketAddress peer) {
		InetAddress address = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
		if (address == null) {
			return false;
		}
		for (Predicate<InetAddress> range : ranges) {
			if (range.test(address)) {
				return true;
			}
		}
		return false;
	}
}
