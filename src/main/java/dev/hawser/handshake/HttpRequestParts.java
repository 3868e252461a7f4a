package dev.hawser.handshake;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** What a handshake needs of an HTTP request, taken out of the servlet API at one place. */
record HttpRequestParts(String method, String version, URI uri, HttpHeaders headers, MultiValueMap<String, String> query,
		Map<String, String> cookies, InetSocketAddress remoteAddress) {

	static HttpRequestParts of(ServerHttpRequest request) {
		HttpServletRequest servlet = ((ServletServerHttpRequest) request).getServletRequest();
		return new HttpRequestParts(servlet.getMethod(), servlet.getProtocol(), request.getURI(),
				HttpHeaders.readOnlyHttpHeaders(request.getHeaders()), query(servlet), cookies(servlet), request.getRemoteAddress());
	}

	private static MultiValueMap<String, String> query(HttpServletRequest servlet) {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		servlet.getParameterMap().forEach((name, values) -> query.put(name, List.of(values)));
		return query;
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
