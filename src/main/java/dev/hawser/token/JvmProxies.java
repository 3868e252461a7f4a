package dev.hawser.token;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProxyConfiguration;

/**
 * Makes a client use the HTTP proxies that the JVM's system properties name ({@code https.proxyHost} and others), as the JDK's own
 * client does.
 */
final class JvmProxies {
	private final ProxyConfiguration proxies;
	private final Set<InetSocketAddress> known = ConcurrentHashMap.newKeySet();

	JvmProxies(ProxyConfiguration proxies) {
		this.proxies = proxies;
	}

	/** Adds the proxy for this URI, if there is one; must be called before each request. */
	void add(URI uri) {
		addressFor(uri).filter(known::add).ifPresent(address -> proxies.addProxy(new JvmProxy(address)));
	}

	private static Optional<InetSocketAddress> addressFor(URI uri) {
		ProxySelector selector = ProxySelector.getDefault();
		return selector == null ? Optional.empty()
				: selector.select(uri).stream().findFirst().filter(proxy -> proxy.type() == Proxy.Type.HTTP)
						.map(proxy -> (InetSocketAddress) proxy.address());
	}

	/** A proxy that is used only for the servers for which the JVM names it. */
	private static final class JvmProxy extends HttpProxy {
		private final InetSocketAddress address;

		JvmProxy(InetSocketAddress address) {
			super(new Origin.Address(address.getHostString(), address.getPort()), false);
			this.address = address;
		}

		@Override
		public boolean matches(Origin origin) {
			return addressFor(URI.create(origin.asString())).filter(address::equals).isPresent();
		}
	}
}
