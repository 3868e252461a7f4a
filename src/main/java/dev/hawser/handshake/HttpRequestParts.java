package dev.hawser.handshake;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;

/** What a handshake needs of an HTTP request, taken out of the servlet API at one place. */
record HttpRequestParts(String method, String version, URI uri, HttpHeaders headers, QueryParameters query,
		Map<String, String> cookies, InetSocketAddress remoteAddress) {

	static HttpRequestParts of(ServerHttpRequest request) {
		HttpServletRequest servlet = ((ServletServerHttpRequest) request).getServletRequest();
		return new HttpRequestParts(servlet.getMethod(), servlet.getProtocol(), request.getURI(),
				headers(request), QueryParameters.of(servlet.getQueryString()), cookies(servlet), request.getRemoteAddress());
	}

	/** A copy: the servlet's own headers are gone when the handshake is over, but OnOpen comes after that. */
	private static HttpHeaders headers(ServerHttpRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.putAll(request.getHeaders());
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	private static Map<String, String> cookies(HttpServletRequest servlet) {
		Map<String, String> cookies = new LinkedHashMap<>();
		Cookie[] all = servlet.getCookies();
		for (Cookie cookie : all == null ? new Cookie[0] : all) {
			cookies.putIfAbsent(cookie.getName(), cookie.getValue());
		}
		return cookies;
	}
}
