package dev.hawser.webhook;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** The HTTP clients of all backends: one for each way of connecting, which the backends that connect in that way share. */
final class BackendClients implements AutoCloseable {
	private final @Nullable SslBundles bundles;
	private final Map<Way, BackendClient> byWay = new HashMap<>();

	/** @param bundles null when there are none */
	BackendClients(@Nullable SslBundles bundles) {
		this.bundles = bundles;
	}

	/**
	 * How backends are connected to.
	 *
	 * @param sslBundle        name of the bundle with certificates; null for those of the JVM
	 * @param http2            whether HTTP/2 is spoken
	 * @param anyAddress       whether link-local addresses and those of metadata services are allowed
	 */
	record Way(@Nullable String sslBundle, boolean http2, boolean anyAddress) {
	}

	/**
	 * The client for these settings. It stays until all are closed, since calls may be under way.
	 *
	 * @param entry the property of the entry, such as {@code hawser.hubs.chat.webhooks[0]}
	 * @throws IllegalArgumentException with a sentence that begins with the property
	 */
	BackendClient of(WebhookSettings settings, String entry) {
		Way way = new Way(settings.sslBundle(), settings.http2(), settings.allowLinkLocal());
		BackendClient known = byWay.get(way);
		if (known != null) {
			return known;
		}
		BackendClient made = new BackendClient(way, Tls.of(bundles, settings.sslBundle(), entry));
		byWay.put(way, made);
		return made;
	}

	@Override
	public void close() {
		byWay.values().forEach(BackendClient::close);
	}
}
