package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.io.EOFException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Malformed requests from strangers are answered as the client's fault, and nothing of them is logged. */
@ReadsLog
class StrangerTests {
	private static RunningHawser server;

	@RestController
	static class Pages {
		@GetMapping("/number")
		int number(@RequestParam int value) {
			return value;
		}

		@PostMapping("/form")
		String form(@RequestParam String name) {
			return name;
		}

		@PostMapping("/text")
		String text(@RequestBody String text) {
			return text.length() + " characters";
		}

		@PostMapping("/upload")
		String upload(@RequestParam MultipartFile file) {
			return file.getSize() + " bytes";
		}
	}

	static class Application {
		@Bean
		Pages pages() {
			return new Pages();
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Application.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static String[] http(String requestLine, String... headers) {
		List<String> lines = new ArrayList<>(List.of(requestLine, "Host: localhost", "Connection: close"));
		lines.addAll(Arrays.asList(headers));
		return lines.toArray(String[]::new);
	}

	private static String[] handshakeTo(String host) {
		String[] lines = RawClient.handshake("/ws");
		lines[1] = "Host: " + host;
		return lines;
	}

	private static String[] form(String requestLine, String body) {
		return http(requestLine, "Content-Type: application/x-www-form-urlencoded", "Content-Length: " + body.length(), "", body);
	}

	private static String[] multipart(String requestLine, String body) {
		return http(requestLine, "Content-Type: multipart/form-data; boundary=x", "Content-Length: " + body.length(), "", body);
	}

	static Stream<Arguments> requests() {
		String part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
		return Stream.of(
				row("a host with two ports", handshakeTo("a:b:c")),
				row("a host with a quote", handshakeTo("\"" + "a".repeat(7000))),
				row("a host with a user", handshakeTo("a@b")),
				row("a host with a port that is none", handshakeTo("a:99999")),
				row("a host that is a broken address", handshakeTo("[::1")),
				row("a host that is a wrong address", handshakeTo("[::1::2]:80")),
				row("a host of blanks", handshakeTo("a b")),
				row("no host", handshakeTo("")),
				row("two hosts", http("GET /number?value=1 HTTP/1.1", "Host: evil.example.com")),
				row("an origin that is none", RawClient.handshake("/ws", "Origin: http://]")),
				row("an origin with a port that is none", RawClient.handshake("/ws", "Origin: http://a:port")),
				row("an origin with a port too high", RawClient.handshake("/ws", "Origin: http://a:99999999999999999999")),
				row("an origin by the long way", RawClient.handshake("/ws", "Origin:\thttp://]")),
				row("a cookie that is none", RawClient.handshake("/ws", "Cookie: =;;=\"; a=\"")),
				row("a token that is none", RawClient.handshake("/ws", "Authorization: Bearer ..")),
				row("a token of blanks", RawClient.handshake("/ws", "Authorization: Bearer   ")),
				row("an extension that is none", RawClient.handshake("/ws", "Sec-WebSocket-Extensions: ;;=\"")),
				row("a key that is none", RawClient.handshake("/ws", "Sec-WebSocket-Key: \u00e4")),
				row("an address that is none", RawClient.handshake("/ws?a=%zz%")),
				row("a query that is no UTF-8", RawClient.handshake("/ws?access_token=%ff%fe")),
				row("a path that is none", http("GET /%zz HTTP/1.1")),
				row("a path with a null", http("GET /a%00b HTTP/1.1")),
				row("a path that climbs", http("GET /../../etc/passwd HTTP/1.1")),
				row("a path that climbs in disguise", http("GET /%2e%2e/%2e%2e/etc HTTP/1.1")),
				row("a path with a parameter", http("GET /..;/ws HTTP/1.1")),
				row("a path that is no UTF-8", http("GET /%ff%fe HTTP/1.1")),
				row("an absolute address that is none", http("GET http://[/ws HTTP/1.1")),
				row("another method", http("DELETE /ws HTTP/1.1")),
				row("another method of a page", http("DELETE /number HTTP/1.1")),
				row("a method of its own", http("MAKE /number HTTP/1.1")),
				row("TRACE", http("TRACE / HTTP/1.1")),
				row("OPTIONS *", http("OPTIONS * HTTP/1.1")),
				row("CONNECT", http("CONNECT localhost:80 HTTP/1.1")),
				row("another version", http("GET / HTTP/1.7")),
				row("half the preface of HTTP/2", new String[] { "PRI * HTTP/2.0", "", "XX" }),
				row("a number that is none", http("GET /number?value=x HTTP/1.1")),
				row("no number", http("GET /number HTTP/1.1")),
				row("a media type that is none", http("GET /number?value=1 HTTP/1.1", "Accept: a/b;q=x, /")),
				row("a media type that is none for the root", http("GET / HTTP/1.1", "Accept: x")),
				row("a language that is none", http("GET /number?value=1 HTTP/1.1", "Accept-Language: \u00ff--;q=z")),
				row("a date that is none", http("GET / HTTP/1.1", "If-Modified-Since: yesterday", "Range: bytes=9-1,x")),
				row("a content type that is none", http("POST /text HTTP/1.1", "Content-Type: x", "Content-Length: 1", "", "x")),
				row("a charset that is none",
						http("POST /text HTTP/1.1", "Content-Type: text/plain;charset=none", "Content-Length: 1", "", "x")),
				row("a length that is none", http("POST /text HTTP/1.1", "Content-Length: x")),
				row("two lengths", http("POST /text HTTP/1.1", "Content-Length: 1", "Content-Length: 2", "", "x")),
				row("a chunk that is none", http("POST /text HTTP/1.1", "Transfer-Encoding: chunked", "", "zz", "x")),
				row("an encoding that is none", http("POST /text HTTP/1.1", "Transfer-Encoding: chunked, chunked", "", "0")),
				row("an expectation that is none", http("POST /text HTTP/1.1", "Expect: the unexpected", "Content-Length: 1", "", "x")),
				row("a form that cannot be decoded", form("POST /form HTTP/1.1", "name=%zz")),
				row("a form that is no UTF-8", form("POST /form HTTP/1.1", "name=%ff%fe&%=%")),
				row("a form for nothing", form("PUT /nothing HTTP/1.1", "name=%zz")),
				row("a multipart without boundary", http("POST /upload HTTP/1.1", "Content-Type: multipart/form-data", "Content-Length: 1",
						"", "x")),
				row("a multipart that is none", multipart("POST /upload HTTP/1.1", "nothing of the kind")),
				row("a multipart without an end", multipart("POST /upload HTTP/1.1", part + "half")),
				row("a multipart for nothing", multipart("POST /nothing HTTP/1.1", part + "half")),
				row("a multipart for the WebSocket", multipart("POST /ws HTTP/1.1", part + "half")),
				row("the page that renders errors", http("GET /error HTTP/1.1")),
				row("a renewal for nothing", http("POST /client/connections/x/token HTTP/1.1", "Content-Length: 0")),
				row("a preflight that is none", http("OPTIONS /client/connections/x/token HTTP/1.1", "Origin: http://]",
						"Access-Control-Request-Method: POST")));
	}

	private static Arguments row(String label, String[] lines) {
		return Arguments.of(label, lines);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("requests")
	void isAnsweredAsAnErrorOfTheClient(String label, String[] lines, CapturedOutput output) throws Exception {
		int logged = output.length();
		send(label, server.port(), lines);
		send(label, server.operationsPort(), lines);
		assertThat(output.toString().substring(logged)).as("log").isEmpty();
	}

	private static void send(String label, int port, String[] lines) throws Exception {
		try (RawClient client = RawClient.connect(port).offer(lines)) {
			client.socket().shutdownOutput();
			int status = client.response().status();
			assertThat(status).as(label).isNotEqualTo(500).isNotEqualTo(503).isLessThan(600);
		}
		catch (EOFException | SocketException e) {
			// the server closed the connection, which is an answer as well
		}
	}

	@Test
	void servesOthersMeanwhile() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(http("GET /number?value=7 HTTP/1.1"))) {
			assertThat(client.response().body()).isEqualTo("7");
		}
		String body = "name=a%20b";
		try (RawClient client = RawClient.connect(server.port())
				.send(String.join("\r\n", form("POST /form HTTP/1.1", body)).getBytes(StandardCharsets.US_ASCII))) {
			assertThat(client.response().body()).isEqualTo("a b");
		}
	}
}
