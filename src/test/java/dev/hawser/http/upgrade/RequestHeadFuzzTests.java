package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which heads of requests are read here, and which are left to Jetty. The name of a seed begins with one of the two. */
class RequestHeadFuzzTests {
	static List<Path> seeds() throws IOException {
		return FuzzSeeds.of("request-head");
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void readsAsJettyDoes(Path seed) throws IOException {
		RequestHead head = RequestHeadFuzz.check(Files.readAllBytes(seed));
		assertThat(seed.getFileName().toString()).startsWith(head == null ? "left" : "plain");
	}

	private static byte[] request(String line, String... headers) {
		return (line + "\r\n" + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n")
				.getBytes(StandardCharsets.ISO_8859_1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: example.org", "host:example.org", "HOST:   example.org  ", "Host: 127.0.0.1:9501", "Host: a-b.c:1",
			"Host: a:59999", "Host: a:65535", "Host: a:8080", "Host: a:800", "Host: -", "Host: a..b" })
	void readsAPlainHost(String host) {
		assertThat(RequestHeadFuzz.check(request("GET /ws?a=b HTTP/1.1", host, "X-Y: a, b"))).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "X:", "X", "X : a", " X: a", "X\t: a", "X: a\tb", "X:\ta", "X: \u00e4", "X: a\u0000b", "X: a\rb", "X: a\nY: b",
			"X: a\r\n b",
			"(X): a", ": a", "X\u00e4: a", "Host: example.org", "Host: example.com", "Content-Length: 0", "content-length: 1",
			"Transfer-Encoding: chunked", "Expect: 100-continue", "Trailer: X", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "X: a\r" })
	void leavesHeadersThatAreNotPlain(String header) {
		assertThat(RequestHeadFuzz.check(request("GET /ws HTTP/1.1", "Host: example.org", "X-Y: z"))).isNotNull();
		assertThat(RequestHeadFuzz.check(request("GET /ws HTTP/1.1", "Host: example.org", header, "X-Y: z"))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "X: y", "Host:", "Host: ", "Host: a b", "Host: user@example.org", "Host: [::1]", "Host: example.org:",
			"Host: example.org:x",
			"Host: example.org:123456", "Host: example.org:80", "Host: example.org:0080", "Host: example.org:65536", "Host: example.org:0",
			"Host: a_b", "Host: a/b", "Host: a,b",
			"Host: :1", "Host: a:1:2", "Host: a:01", "Host: a:-1", "Host: a:99999999999999999999" })
	void leavesAHostThatIsNotPlain(String host) {
		assertThat(RequestHeadFuzz.check(request("GET /ws HTTP/1.1", host))).isNull();
	}

	@Test
	void readsAsLongAHostAsDnsHas() {
		assertThat(RequestHeadFuzz.check(request("GET /ws HTTP/1.1", "Host: " + "a".repeat(253) + ":9501"))).isNotNull();
		assertThat(RequestHeadFuzz.check(request("GET /ws HTTP/1.1", "Host: " + "a".repeat(254)))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "get /ws HTTP/1.1", "POST /ws HTTP/1.1", "GET  /ws HTTP/1.1", "GET /ws  HTTP/1.1", "GET /ws HTTP/1.0",
			"GET /ws HTTP/1.2",
			"GET /ws http/1.1", "GET /ws", "GET /ws HTTP/1.1 ", " GET /ws HTTP/1.1", "\r\nGET /ws HTTP/1.1", "GET * HTTP/1.1",
			"GET ws HTTP/1.1",
			"GET http://example.org/ws HTTP/1.1", "CONNECT example.org:80 HTTP/1.1", "GET /ws#a HTTP/1.1", "GET /w\u00e4 HTTP/1.1",
			"GET /a\\b HTTP/1.1",
			"GET /a\"b HTTP/1.1", "GET /a\u0000b HTTP/1.1", "GET /a\tb HTTP/1.1", "PRI * HTTP/2.0", "" })
	void leavesAnotherRequestLine(String line) {
		assertThat(RequestHeadFuzz.check(request(line, "Host: example.org"))).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 5, 14, 16, 17, 18, 20, 36, 37, 38 })
	void leavesAnIncompleteRequest(int bytes) {
		byte[] whole = request("GET /ws HTTP/1.1", "Host: example.org");
		assertThat(whole).hasSize(39);
		assertThat(RequestHeadFuzz.check(whole)).isNotNull();
		assertThat(RequestHeadFuzz.check(Arrays.copyOf(whole, bytes))).isNull();
	}
}
