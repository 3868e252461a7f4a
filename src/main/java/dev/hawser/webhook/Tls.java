package dev.hawser.webhook;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** TLS to backends, with the certificates that the configuration names. */
final class Tls {
	private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

	private Tls() {
	}

	/**
	 * TLS with the trust store and the client certificate of a bundle, which are replaced when the bundle changes.
	 *
	 * @param name  the bundle's name; null for the trust store of the JVM and no client certificate
	 * @param entry the property of the entry, such as {@code hawser.hubs.chat.webhooks[0]}
	 * @throws IllegalArgumentException when there is no such bundle
	 */
	static SslContextFactory.Client of(@Nullable SslBundles bundles, @Nullable String name, String entry) {
		SslContextFactory.Client tls = new SslContextFactory.Client();
		if (name == null) {
			tls.setSslContext(ofJvm());
			return tls;
		}
		try {
			if (bundles == null) {
				throw new NoSuchSslBundleException(name, "There are no bundles");
			}
			tls.setSslContext(bundles.getBundle(name).createSslContext());
			bundles.addBundleUpdateHandler(name, changed -> replace(tls, changed));
			return tls;
		}
		catch (NoSuchSslBundleException e) {
			throw new IllegalArgumentException(entry + ".ssl-bundle names a bundle that is not below spring.ssl.bundle.", e);
		}
	}

	private static void replace(SslContextFactory.Client tls, SslBundle changed) {
		try {
			tls.reload(factory -> factory.setSslContext(changed.createSslContext()));
		}
		catch (Exception e) {
			LOG.error("The changed certificates of a bundle for webhooks cannot be used; the old ones stay in force", e);
		}
	}

	private static SSLContext ofJvm() {
		try {
			return SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("This JVM has no TLS", e);
		}
	}
}
