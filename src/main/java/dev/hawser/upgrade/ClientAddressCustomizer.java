package dev.hawser.upgrade;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Shows every request as its client sent it, before anybody else sees it: what trusted proxies say in {@code Forwarded} and
 * {@code X-Forwarded-For, -Proto, -Host, -Port} is put into effect, and these headers are taken away, as are those of the
 * same kind that anybody else has sent. Costs a look at the names of the headers where there are none.
 */
final class ClientAddressCustomizer implements HttpConfiguration.Customizer {
	private static final ForwardedHop NOTHING = new ForwardedHop(null, null, null, 0);

	private final TrustedProxies proxies;

	ClientAddressCustomizer(TrustedProxies proxies) {
		this.proxies = proxies;
	}

	/** What becomes of a header. */
	private enum Fate {
		KEPT,
		/** Says where the request comes from; read if a trusted proxy has sent it, and gone in any case. */
		USED_UP,
		/** Says something of that kind that only the application might know; gone unless a trusted proxy has sent it. */
		PROXIES_ONLY,
		/** An attribute of an event (CloudEvents): events about a WebSocket are this server's to make. */
		NOT_IN_HANDSHAKES
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		HttpFields headers = request.getHeaders();
		boolean ordinary = true;
		for (HttpField field : headers) {
			if (fate(field) != Fate.KEPT) {
				ordinary = false;
				break;
			}
		}
		return ordinary ? request : customize(request, headers);
	}

	private Request customize(Request request, HttpFields headers) {
		SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
		boolean trusted = proxies.trust(peer);
		boolean handshake = HttpMethod.CONNECT.is(request.getMethod()) || headers.contains(HttpHeader.UPGRADE, "websocket");
		HttpFields.Mutable kept = HttpFields.build();
		for (HttpField field : headers) {
			boolean keep = switch (fate(field)) {
				case KEPT -> true;
				case USED_UP -> false;
				case PROXIES_ONLY -> trusted;
				case NOT_IN_HANDSHAKES -> !handshake;
			};
			if (keep) {
				kept.add(field);
			}
		}
		ForwardedHop hop = trusted ? ForwardedHops.entry(headers, (InetSocketAddress) peer, proxies::trust) : null;
		return new ForwardedRequest(request, kept.asImmutable(), hop == null ? NOTHING : hop);
	}

	private static Fate fate(HttpField field) {
		HttpHeader known = field.getHeader();
		if (known != null) {
			return fate(known);
		}
		String name = field.getName();
		if (startsWith(name, "x-forwarded-") || name.equalsIgnoreCase("x-real-ip")) {
			return Fate.PROXIES_ONLY;
		}
		return startsWith(name, "ce-") ? Fate.NOT_IN_HANDSHAKES : Fate.KEPT;
	}

	private static Fate fate(HttpHeader known) {
		return switch (known) {
			case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT -> Fate.USED_UP;
			case X_FORWARDED_SERVER -> Fate.PROXIES_ONLY;
			default -> Fate.KEPT;
		};
	}

	private static boolean startsWith(@Nullable String name, String prefix) {
		return name != null && name.regionMatches(true, 0, prefix, 0, prefix.length());
	}
}
