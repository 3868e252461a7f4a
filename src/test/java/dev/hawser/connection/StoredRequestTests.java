package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class StoredRequestTests {
	private static final String URI = "ws://localhost:9501/ws?room=a:b&access_token=secret";

	@Test
	void givesBackAddressAndHeaders() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("Host", "localhost:9501");
		headers.add("X-Trace", "17");
		headers.add("X-Trace", "18:19 ");
		headers.add("X-Empty", "");
		StoredRequest lines = StoredRequest.of(URI, headers);
		assertThat(lines.uri()).isEqualTo(URI);
		assertThat(lines.headers()).isEqualTo(headers);
		assertThat(lines.headers().get("x-trace")).containsExactly("17", "18:19 ");
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
