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
				HttpHeaders.readOnlyHttpHeaders(request.getHeaders()), QueryParameters.of(servlet.getQueryString()), cookies(servlet), request.getRemoteAddress());
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
