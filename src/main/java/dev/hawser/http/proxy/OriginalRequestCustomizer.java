package dev.hawser.http.proxy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Restores every request to what its client sent, before any handler sees it. What trusted proxies say in {@code Forwarded} and
 * {@code X-Forwarded-For, -Proto, -Host, -Port} is applied. These headers, and related ones from any other sender, are then
 * removed. A request without such headers costs a look at its header names.
 */
public final class OriginalRequestCustomizer implements HttpConfiguration.Customizer {
	private static final ForwardedHop NOTHING = new ForwardedHop(null, null, null, 0);

	private final TrustedProxies proxies;

	OriginalRequestCustomizer(TrustedProxies proxies) {
		this.proxies = proxies;
	}

	/** What is done with a header. */
	private enum HeaderTreatment {
		KEPT,
		/** Describes where the request comes from. Used if a trusted proxy has sent it, and always removed. */
		USED_UP,
		/** Related to proxies, but only the application may understand it. Removed unless a trusted proxy has sent it. */
		PROXIES_ONLY,
		/**
		 * An attribute of an event (CloudEvents): removed from handshakes, since only this server makes events about a WebSocket.
		 */
		NOT_IN_HANDSHAKES
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		HttpFields headers = request.getHeaders();
		if (isPlain(headers)) {
			return request;
		}
		boolean handshake = HttpMethod.CONNECT.is(request.getMethod()) || headers.contains(HttpHeader.UPGRADE, "websocket");
		SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
		return new ForwardedRequest(request, asSent(request.getHttpURI(), headers, peer, handshake));
	}

	/** Whether no header describes where the request comes from; the request is then already as its client sent it. */
	public static boolean isPlain(HttpFields headers) {
		for (HttpField field : headers) {
			if (fate(field) != HeaderTreatment.KEPT) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The request as its client sent it.
	 *
	 * @param peer      the other end of the connection
	 * @param handshake whether the request asks for a WebSocket
	 * @throws RefusedRequestException when the headers are malformed or contradict each other
	 */
	public OriginalRequest asSent(HttpURI uri, HttpFields headers, @Nullable SocketAddress peer, boolean handshake) {
		boolean trusted = proxies.trust(peer);
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
		ForwardedHop hop = trusted && peer instanceof InetSocketAddress inet ? ForwardedHops.entry(headers, inet, proxies::trust) : null;
		return OriginalRequest.of(uri, kept.asImmutable(), hop == null ? NOTHING : hop);
	}

	private static HeaderTreatment fate(HttpField field) {
		HttpHeader known = field.getHeader();
		if (known != null) {
			return fate(known);
		}
		String name = field.getName();
		if (startsWith(name, "x-forwarded-") || name.equalsIgnoreCase("x-real-ip")) {
			return HeaderTreatment.PROXIES_ONLY;
		}
		return startsWith(name, "ce-") ? HeaderTreatment.NOT_IN_HANDSHAKES : HeaderTreatment.KEPT;
	}

	private static HeaderTreatment fate(HttpHeader known) {
		return switch (known) {
			case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT -> HeaderTreatment.USED_UP;
			case X_FORWARDED_SERVER -> HeaderTreatment.PROXIES_ONLY;
			default -> HeaderTreatment.KEPT;
		};
	}

	private static boolean startsWith(@Nullable String name, String prefix) {
		return name != null && name.regionMatches(true, 0, prefix, 0, prefix.length());
	}
}
