package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class StoredRequestTests {
	private static final String URI = "ws://localhost:9501/ws?room=a:b&access_token=secret";

	/** @param lines name, colon and value, which may have colons too */
	private static HttpHeaders headers(String... lines) {
		HttpHeaders headers = new HttpHeaders();
		for (String line : lines) {
			headers.add(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
		}
		return headers;
	}

	@Test
	void givesBackAddressAndHeaders() {
		HttpHeaders headers = headers("Host:localhost:9501", "X-Trace:17", "X-Trace:18:19 ", "X-Empty:");
		StoredRequest lines = StoredRequest.of(URI, headers);
		assertThat(lines.uri()).isEqualTo(URI);
		assertThat(lines.headers()).isEqualTo(headers);
		assertThat(lines.headers().get("x-trace")).containsExactly("17", "18:19 ");
	}

	@Test
	void givesBackUsualHeadersAsTheyWere() {
		HttpHeaders headers = headers("Host:", "Host: ", "HOST:a", "Hos:a", "Hosts:a", "Upgrade:websocket", "Upgrade:websocket, h2c",
				"Upgrade:WebSocket",
				"Upgrade:web", "Upgrade:", "Connection:keep-alive, Upgrade", "Connection:Upgrade", "connection:Upgrade",
				"Sec-WebSocket-Version:13", "Sec-WebSocket-Version:1", "Sec-WebSocket-Version:130",
				"Sec-WebSocket-Key:x3JJHMbDL1EzLkh9GBhXDw==",
				"User-Agent:Mozilla/5.0 (X11)", "User-Agent:Mozilla/5.0", "User-Agent:curl", "Origin:https://a", "Origin:null",
				"Authorization:Bearer a.b.c", "Authorization:bearer a", "Cookie:a=b; c=d", "X:Host:");
		assertThat(StoredRequest.of(URI, headers).headers()).isEqualTo(headers);
		assertThat(StoredRequest.of(URI, headers).headers().headerNames()).containsExactlyElementsOf(headers.headerNames());
	}

	@Test
	void keepsTheSmallestHandshakeInFewCharacters() {
		HttpHeaders headers = headers("Host:localhost:9501", "Upgrade:websocket", "Connection:Upgrade",
				"Sec-WebSocket-Key:x3JJHMbDL1EzLkh9GBhXDw==", "Sec-WebSocket-Version:13");
		assertThat(StoredRequest.of(URI, headers).lines()).hasSizeLessThan(URI.length() + 50);
	}

	@Test
	void needsNoHeaders() {
		StoredRequest lines = StoredRequest.of(URI, new HttpHeaders());
		assertThat(lines.uri()).isEqualTo(URI);
		assertThat(lines.headers().isEmpty()).isTrue();
	}

	@Test
	void doesNotShowATicket() {
		assertThat(StoredRequest.of(URI, new HttpHeaders())).asString().doesNotContain("secret", "room");
	}
}
