package dev.hawser.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Looks up the addresses of backends, and refuses those that only a mistake or an attack can mean: link-local addresses, at which
 * clouds serve the credentials of a machine, and other addresses of such services. The name of a backend may resolve to anything
 * whenever it is looked up, so each lookup is checked.
 */
final class AllowedAddresses implements SocketAddressResolver {
	/** Addresses of metadata services that are not link-local: of AWS over IPv6, Alibaba, Azure and Oracle. */
	private static final Set<InetAddress> OF_METADATA = Set.of(InetAddress.ofLiteral("fd00:ec2::254"),
			InetAddress.ofLiteral("100.100.100.200"), InetAddress.ofLiteral("168.63.129.16"), InetAddress.ofLiteral("192.0.0.192"));

	private final SocketAddressResolver lookup;

	/** @param lookup looks up any address */
	AllowedAddresses(SocketAddressResolver lookup) {
		this.lookup = lookup;
	}

	/** A name that resolves to an address that is not allowed. */
	static final class RefusedAddressException extends IOException {
		private static final long serialVersionUID = 1L;

		RefusedAddressException() {
			super("The address is link-local, or one of a metadata service");
		}
	}

	@Override
	public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
		lookup.resolve(host, port, context, Promise.from(found -> {
			List<InetSocketAddress> allowed = found.stream().filter(address -> isAllowed(address.getAddress())).toList();
			if (allowed.isEmpty()) {
				promise.failed(new RefusedAddressException());
			}
			else {
				promise.succeeded(allowed);
			}
		}, promise::failed));
	}

	static boolean isAllowed(InetAddress address) {
		return !address.isLinkLocalAddress() && !address.isMulticastAddress() && !address.isAnyLocalAddress()
				&& !OF_METADATA.contains(address);
	}
}
