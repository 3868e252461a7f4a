package dev.hawser.http.proxy;

import dev.hawser.settings.SettingCheck;
import java.util.List;
import org.eclipse.jetty.server.ConnectionFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the client's address is found behind proxies.
 *
 * @param trustedProxies addresses and CIDR ranges of the proxies whose Forwarded and X-Forwarded-For, -Proto, -Host and -Port
 *     headers are trusted, such as 10.0.0.0/8 or 2001:db8::7; these headers are dropped from all other senders
 * @param proxyProtocol  whether the trusted proxies begin each connection with a header of the PROXY protocol, version 1 or 2
 */
@ConfigurationProperties("hawser.client-address")
public record ClientAddressSettings(@DefaultValue List<String> trustedProxies, @DefaultValue("false") boolean proxyProtocol) {
	private static final SettingCheck CHECK = new SettingCheck("hawser.client-address");

	public ClientAddressSettings {
		trustedProxies = trustedProxies.stream().map(String::strip).filter(range -> !range.isEmpty()).toList();
		CHECK.require(!proxyProtocol || !trustedProxies.isEmpty(), "proxy-protocol needs the addresses of the proxies in"
				+ " hawser.client-address.trusted-proxies: a PROXY header is read only from these.");
		try {
			new TrustedProxies(trustedProxies);
		}
		catch (IllegalArgumentException e) {
			throw new IllegalArgumentException("hawser.client-address.trusted-proxies must list IP addresses and CIDR ranges without"
					+ " bits behind the prefix, such as 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32.", e);
		}
	}

	/** Finds each client's address, and the URL that it knows, behind the trusted proxies. */
	public OriginalRequestCustomizer customizer() {
		return new OriginalRequestCustomizer(new TrustedProxies(trustedProxies));
	}

	/** Reads the headers of the PROXY protocol. */
	public ConnectionFactory proxyHeaders() {
		return new TrustedProxyProtocol(new TrustedProxies(trustedProxies));
	}
}
