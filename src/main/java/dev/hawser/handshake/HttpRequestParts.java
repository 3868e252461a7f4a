package dev.hawser.handshake;

import dev.hawser.api.ClientCertificate;
import dev.hawser.protocol.RequestTarget;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.StringUtils;

/** What a handshake needs of an HTTP request. */
record HttpRequestParts(String method, String version, String address, HttpHeaders headers, QueryParameters query,
		Map<String, String> cookies, InetSocketAddress remoteAddress, @Nullable ClientCertificate certificate) {
	/** Where servlet containers leave the certificates of the TLS peer. */
	private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

	static HttpRequestParts of(ServerHttpRequest request) {
		HttpHeaders headers = headers(request);
		String address = request instanceof RequestTarget target ? target.address() : request.getURI().toString();
		return new HttpRequestParts(request.getMethod().name(), version(request), address, headers,
				QueryParameters.of(query(request, address)), cookies(headers), request.getRemoteAddress(), certificate(request, address));
	}

	private static @Nullable ClientCertificate certificate(ServerHttpRequest request, String address) {
		return address.startsWith("https:") ? ClientCertificate.of(request.getAttributes().get(CERTIFICATES)) : null;
	}

	/** As it came: Spring leaves a query that is not well-formed out of the servlet request's URI. */
	private static @Nullable String query(ServerHttpRequest request, String address) {
		if (request instanceof ServletServerHttpRequest servlet) {
			return servlet.getServletRequest().getQueryString();
		}
		int fragment = address.indexOf('#');
		String resource = fragment < 0 ? address : address.substring(0, fragment);
		int mark = resource.indexOf('?');
		return mark < 0 ? null : resource.substring(mark + 1);
	}

	/** A request that did not come through the servlet container is an HTTP/1.1 upgrade: nothing else takes the short way. */
	private static String version(ServerHttpRequest request) {
		return request instanceof ServletServerHttpRequest servlet ? servlet.getServletRequest().getProtocol() : "HTTP/1.1";
	}

	/** The servlet's headers are gone when the handshake is over, but OnOpen comes after that: they are copied. */
	private static HttpHeaders headers(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		if (request instanceof ServletServerHttpRequest) {
			headers = new HttpHeaders();
			headers.putAll(request.getHeaders());
		}
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	/** RFC 6265 section 5.4, leniently; of two cookies with one name the first, which has the longer path. */
	private static Map<String, String> cookies(HttpHeaders headers) {
		Map<String, String> cookies = new LinkedHashMap<>();
		for (String line : headers.getOrEmpty(HttpHeaders.COOKIE)) {
			for (String pair : StringUtils.tokenizeToStringArray(line, ";")) {
				int equals = pair.indexOf('=');
				if (equals > 0) {
					cookies.putIfAbsent(pair.substring(0, equals).strip(), unquote(pair.substring(equals + 1).strip()));
				}
			}
		}
		return cookies;
	}

	private static String unquote(String value) {
		return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"") ? value.substring(1, value.length() - 1) : value;
	}
}
