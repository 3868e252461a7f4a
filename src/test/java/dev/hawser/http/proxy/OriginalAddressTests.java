package dev.hawser.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The client's address, and the URL that it asked for, behind proxies. Here 127.0.0.1 is a trusted proxy, as are the
 * networks 10.0.0.0/8 and 2001:db8:aaaa::/48, and 127.0.0.2 is not trusted.
 */
class OriginalAddressTests {
	private static final String PROXY = "127.0.0.1";
	private static final String STRANGER = "127.0.0.2";
	/** A path that is not a URI by RFC 2396, so that Spring MVC serves it. */
	private static final String LONG_WAY = "/ws?{";

	private static RunningHawser server;

	static class Callbacks {
		/** Tells a new connection how the application sees it. */
		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
				var address = request.remoteAddress();
				assertThat(server.connectionInfo(request.fd()).orElseThrow().remoteAddress()).isEqualTo(address);
				server.push(request.fd(), address.getHostString() + " " + address.getPort() + " " + request.uri().getScheme() + " "
						+ request.header("host").orElse(""));
				server.push(request.fd(), String.join(" ", names(request.headers().headerNames())));
			};
		}

		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}

		@Bean
		Pages pages() {
			return new Pages();
		}
	}

	@RestController
	static class Pages {
		@GetMapping("/seen")
		String seen(HttpServletRequest request) {
			return request.getRemoteAddr() + " " + request.getRemotePort() + " " + request.getRequestURL() + " " + request.isSecure()
					+ "\n" + String.join(" ", names(Collections.list(request.getHeaderNames())));
		}
	}

	private static List<String> names(Iterable<String> headers) {
		List<String> names = new ArrayList<>();
		headers.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
		return names;
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class,
				"hawser.client-address.trusted-proxies=127.0.0.1,10.0.0.0/8,2001:db8:aaaa::/48");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static RawClient from(String address, int port) throws Exception {
		return RawClient.over(new Socket(InetAddress.ofLiteral(PROXY), port, InetAddress.ofLiteral(address), 0));
	}

	private static RawClient from(String address) throws Exception {
		return from(address, server.port());
	}

	private static Arguments row(String label, String expected, String... headers) {
		return Arguments.of(label, expected, headers);
	}

	static Stream<Arguments> clients() {
		return Stream.of(
				row("X-Forwarded-For", "192.0.2.7 0 http localhost", "X-Forwarded-For: 192.0.2.7"),
				row("in odd case", "192.0.2.7 0 http localhost", "x-FORWARDED-fOR: 192.0.2.7"),
				row("with a port", "192.0.2.7 4711 http localhost", "X-Forwarded-For: 192.0.2.7:4711"),
				row("IPv6", "2001:db8:0:0:0:0:0:1 0 http localhost", "X-Forwarded-For: 2001:db8::1"),
				row("IPv6 in brackets", "2001:db8:0:0:0:0:0:1 0 http localhost", "X-Forwarded-For: [2001:db8::1]"),
				row("IPv6 with a port", "2001:db8:0:0:0:0:0:1 4711 http localhost", "X-Forwarded-For: [2001:db8::1]:4711"),
				row("IPv4 as IPv6", "192.0.2.7 0 http localhost", "X-Forwarded-For: ::ffff:192.0.2.7"),
				row("forged on the left", "192.0.2.7 0 http localhost", "X-Forwarded-For: 198.51.100.9, 192.0.2.7"),
				row("a trusted address forged on the left", "192.0.2.7 0 http localhost", "X-Forwarded-For: 10.0.0.1, 192.0.2.7"),
				row("forged in a line before", "192.0.2.7 0 http localhost", "X-Forwarded-For: 198.51.100.9", "X-Forwarded-For: 192.0.2.7"),
				row("two proxies", "192.0.2.7 0 http localhost", "X-Forwarded-For: 192.0.2.7, 10.1.2.3"),
				row("three proxies of both families", "192.0.2.7 0 http localhost",
						"X-Forwarded-For: 198.51.100.9, 192.0.2.7, 10.1.2.3, 2001:db8:aaaa::5"),
				row("an untrusted proxy is the client", "203.0.113.1 0 http localhost",
						"X-Forwarded-For: 192.0.2.7, 203.0.113.1, 10.1.2.3"),
				row("trusted all the way", "10.0.0.1 0 http localhost", "X-Forwarded-For: 10.0.0.1, 10.1.2.3"),
				row("empty elements", "192.0.2.7 0 http localhost", "X-Forwarded-For: , 192.0.2.7, ,"),
				row("no address behind a proxy", "10.1.2.3 0 http localhost", "X-Forwarded-For: 192.0.2.7, unknown, 10.1.2.3"),
				row("a host name behind a proxy", "10.1.2.3 0 http localhost", "X-Forwarded-For: localhost, 10.1.2.3"),
				row("a zone", "10.1.2.3 0 http localhost", "X-Forwarded-For: fe80::1%lo, 10.1.2.3"),
				row("more than IPv4", "10.1.2.3 0 http localhost", "X-Forwarded-For: 1.2.3.4.5, 10.1.2.3"),
				row("an octet too large", "10.1.2.3 0 http localhost", "X-Forwarded-For: 192.0.2.777, 10.1.2.3"),
				row("a port too large", "192.0.2.7 0 http localhost", "X-Forwarded-For: 192.0.2.7:99999"),
				row("scheme", "192.0.2.7 0 https localhost", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https"),
				row("scheme called wss", "192.0.2.7 0 https localhost", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: wss"),
				row("scheme forged on the left", "192.0.2.7 0 http localhost", "X-Forwarded-For: 192.0.2.7",
						"X-Forwarded-Proto: https, http"),
				row("scheme at the first of two proxies", "192.0.2.7 0 https localhost", "X-Forwarded-For: 192.0.2.7, 10.1.2.3",
						"X-Forwarded-Proto: https, http"),
				row("scheme of nothing", "192.0.2.7 0 http localhost", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: gopher"),
				row("host", "192.0.2.7 0 https chat.example.com", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https",
						"X-Forwarded-Host: chat.example.com"),
				row("host with its port", "192.0.2.7 0 https chat.example.com:8443", "X-Forwarded-For: 192.0.2.7",
						"X-Forwarded-Proto: https", "X-Forwarded-Host: chat.example.com:8443"),
				row("host and port", "192.0.2.7 0 https chat.example.com:8443", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https",
						"X-Forwarded-Host: chat.example.com", "X-Forwarded-Port: 8443"),
				row("the scheme's own port", "192.0.2.7 0 https chat.example.com", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https",
						"X-Forwarded-Host: chat.example.com", "X-Forwarded-Port: 443"),
				row("port alone", "192.0.2.7 0 http localhost:8080", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Port: 8080"),
				row("IPv6 host", "192.0.2.7 0 https [2001:db8::1]:8443", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https",
						"X-Forwarded-Host: [2001:db8::1]:8443"),
				row("a host with more behind it", "192.0.2.7 0 http localhost", "X-Forwarded-For: 192.0.2.7",
						"X-Forwarded-Host: chat.example.com/secret@else.example"),
				row("Forwarded", "192.0.2.7 0 http localhost", "Forwarded: for=192.0.2.7"),
				row("Forwarded, all of it", "192.0.2.7 0 https chat.example.com:8443",
						"Forwarded: for=192.0.2.7;proto=https;by=203.0.113.43;host=\"chat.example.com:8443\""),
				row("Forwarded, in odd case and space", "192.0.2.7 0 https localhost", "forwarded: FOR=192.0.2.7 ; Proto=HTTPS"),
				row("Forwarded with IPv6 and port", "2001:db8:0:0:0:0:0:1 4711 http localhost", "Forwarded: for=\"[2001:db8::1]:4711\""),
				row("Forwarded with a port made up", "2001:db8:0:0:0:0:0:1 0 http localhost", "Forwarded: for=\"[2001:db8::1]:_gazonk\""),
				row("Forwarded without the quotes", "192.0.2.7 4711 http localhost", "Forwarded: for=192.0.2.7:4711"),
				row("Forwarded with an escape", "192.0.2.7 0 http localhost", "Forwarded: for=\"192.0\\.2.7\""),
				row("Forwarded forged on the left", "192.0.2.7 0 http localhost",
						"Forwarded: for=198.51.100.9;proto=https;host=else.example, for=192.0.2.7"),
				row("Forwarded over two proxies", "192.0.2.7 0 https chat.example.com",
						"Forwarded: for=198.51.100.9, for=192.0.2.7;proto=https;host=chat.example.com",
						"Forwarded: for=10.1.2.3;proto=http;host=inner"),
				row("Forwarded by a name made up", "10.1.2.3 0 http localhost", "Forwarded: for=_hidden, for=10.1.2.3"),
				row("both kinds agree", "192.0.2.7 0 https chat.example.com", "Forwarded: for=192.0.2.7;proto=https",
						"X-Forwarded-For: 192.0.2.7", "X-Forwarded-Host: chat.example.com"));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("clients")
	void believesATrustedProxy(String label, String expected, String[] headers) throws Exception {
		for (String target : List.of("/ws", LONG_WAY)) {
			try (RawClient client = from(PROXY).upgrade(target, headers)) {
				assertThat(client.message().text()).as(target).isEqualTo(expected);
				assertThat(client.message().text()).as(target).doesNotContain("forwarded");
			}
		}
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("clients")
	void believesATrustedProxyThatSpeaksHttp2(String label, String expected, String[] headers) throws Exception {
		String[] namesAndValues = Stream.of(headers).flatMap(line -> Stream.of(line.split(": ", 2))).map(String::strip)
				.toArray(String[]::new);
		try (Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream socket = client.webSocket("/ws", namesAndValues);
			String text = socket.frame().text();
			assertThat(text).startsWith(expected.replaceAll(" localhost.*", ""));
			assertThat(socket.frame().text()).doesNotContain("forwarded");
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("clients")
	void believesNoOtherSender(String label, String expected, String[] headers) throws Exception {
		for (String target : List.of("/ws", LONG_WAY)) {
			try (RawClient client = from(STRANGER).upgrade(target, headers)) {
				assertThat(client.message().text()).isEqualTo(STRANGER + " " + client.socket().getLocalPort() + " http localhost");
				assertThat(client.message().text()).doesNotContain("forwarded");
			}
		}
	}

	@Test
	void believesNoSenderByDefault() throws Exception {
		try (RunningHawser plain = RunningHawser.start(Callbacks.class);
				RawClient client = from(PROXY, plain.port()).upgrade("/ws", "X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7",
						"X-Forwarded-Proto: https", "X-Forwarded-Prefix: /x", "X-Forwarded-Server: s", "X-Real-IP: 192.0.2.7", "ce-id: 1");
				Http2Client http2 = Http2Client.connect(plain.port())) {
			assertThat(client.message().text()).isEqualTo(PROXY + " " + client.socket().getLocalPort() + " http localhost");
			assertThat(client.message().text())
					.isEqualTo("host upgrade connection sec-websocket-key sec-websocket-version");
			Http2Stream socket = http2.webSocket("/ws", "x-forwarded-for", "192.0.2.7", "forwarded", "for=192.0.2.7", "ce-id", "1");
			assertThat(socket.frame().text()).startsWith(PROXY).doesNotContain("192.0.2.7");
			assertThat(socket.frame().text()).doesNotContain("forwarded", "ce-id");
		}
	}

	/** Spring Boot would do this by itself in Kubernetes, or by a setting, and would then believe every sender. */
	@ParameterizedTest
	@ValueSource(strings = { "spring.main.cloud-platform=kubernetes", "server.forward-headers-strategy=native",
			"server.forward-headers-strategy=framework" })
	void believesNoSenderWhateverSpringBootIsTold(String property) throws Exception {
		try (RunningHawser plain = RunningHawser.start(Callbacks.class, property)) {
			for (String target : List.of("/ws", LONG_WAY)) {
				try (RawClient client = from(PROXY, plain.port()).upgrade(target, "X-Forwarded-For: 192.0.2.7", "Proxy-ssl-id: 1",
						"X-Proxied-Https: on")) {
					assertThat(client.message().text()).isEqualTo(PROXY + " " + client.socket().getLocalPort() + " http localhost");
				}
			}
		}
	}

	// Plain requests.

	private static String seen(String peer, String... headers) throws Exception {
		String[] lines = Stream.concat(Stream.of("GET /seen HTTP/1.1", "Host: localhost"), Stream.of(headers)).toArray(String[]::new);
		try (RawClient client = from(peer)) {
			return client.request(lines).response().body();
		}
	}

	@Test
	void showsControllersTheClientAndItsUrl() throws Exception {
		assertThat(seen(PROXY, "X-Forwarded-For: 198.51.100.9, 192.0.2.7:4711", "X-Forwarded-Proto: https",
				"X-Forwarded-Host: chat.example.com"))
				.isEqualTo("192.0.2.7 4711 https://chat.example.com/seen true\nhost");
	}

	@Test
	void keepsForgedHeadersFromControllers() throws Exception {
		assertThat(seen(STRANGER, "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: else.example",
				"X-Forwarded-Prefix: /x", "X-Real-IP: 192.0.2.7")).startsWith(STRANGER).endsWith(" http://localhost/seen false\nhost");
	}

	@Test
	void leavesFurtherHeadersOfATrustedProxyAlone() throws Exception {
		assertThat(seen(PROXY, "X-Forwarded-Prefix: /x", "X-Real-IP: 192.0.2.7", "X-Forwarded-For: 192.0.2.7"))
				.endsWith("\nhost x-forwarded-prefix x-real-ip");
	}

	@Test
	void leavesEventsToControllersThatReceiveThem() throws Exception {
		assertThat(seen(STRANGER, "ce-id: 1")).endsWith("\nhost ce-id");
	}

	// Same origin.

	static Stream<Arguments> origins() {
		String[] chat = { "X-Forwarded-Proto: https", "X-Forwarded-Host: chat.example.com" };
		return Stream.of(
				Arguments.of("the page's own server, as the browser sees it", PROXY, 101, "https://chat.example.com", chat),
				Arguments.of("the server behind the proxy", PROXY, 403, "http://localhost", chat),
				Arguments.of("the page's own server without TLS", PROXY, 403, "http://chat.example.com", chat),
				Arguments.of("another port", PROXY, 403, "https://chat.example.com:8443", chat),
				Arguments.of("a server that the client has made up", STRANGER, 403, "https://chat.example.com", chat),
				Arguments.of("TLS at the proxy, which leaves Host as it is", PROXY, 101, "https://localhost",
						new String[] { "X-Forwarded-Proto: https" }),
				Arguments.of("Forwarded", PROXY, 101, "https://chat.example.com:8443",
						new String[] { "Forwarded: for=192.0.2.7;proto=https;host=\"chat.example.com:8443\"" }));
	}

	@ParameterizedTest(name = "{0}: {2}")
	@MethodSource("origins")
	void comparesTheOriginWithWhatTheBrowserSees(String label, String peer, int status, String origin, String[] headers)
			throws Exception {
		for (String target : List.of("/ws", LONG_WAY)) {
			String[] all = Stream.concat(Stream.of(headers), Stream.of("Origin: " + origin)).toArray(String[]::new);
			try (RawClient client = from(peer).request(RawClient.handshake(target, all))) {
				assertThat(client.response().status()).as(target).isEqualTo(status);
			}
		}
	}

	// Headers that make no sense.

	static Stream<Arguments> contradictions() {
		return Stream.of(
				row("a quote left open before what the proxy wrote", "", "Forwarded: for=198.51.100.9;a=\", for=192.0.2.7"),
				row("a quote left open before quotes of the proxy", "",
						"Forwarded: for=198.51.100.9;a=\", for=\"[2001:db8::1]:80\";host=\"x\""),
				row("an escape at the end", "", "Forwarded: for=\"198.51.100.9\\"),
				row("no value", "", "Forwarded: for, for=192.0.2.7"),
				row("two values", "", "Forwarded: for=198.51.100.9;for=192.0.2.7"),
				row("a comma missing", "", "Forwarded: for=198.51.100.9 for=192.0.2.7"),
				row("another client", "", "Forwarded: for=198.51.100.9", "X-Forwarded-For: 192.0.2.7"),
				row("a client and none", "", "Forwarded: for=unknown", "X-Forwarded-For: 192.0.2.7"),
				row("another scheme", "", "Forwarded: for=192.0.2.7;proto=https", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http"),
				row("another host", "", "Forwarded: for=192.0.2.7;host=a.example", "X-Forwarded-For: 192.0.2.7",
						"X-Forwarded-Host: b.example"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("contradictions")
	void refusesHeadersThatContradictEachOther(String label, String none, String[] headers) throws Exception {
		try (RawClient client = from(PROXY).request(RawClient.handshake("/ws", headers))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
			assertThat(answer.body()).contains("\"reason\":\"forwarded\"").doesNotContain("198.51");
			assertThat(client.ended()).isTrue();
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("contradictions")
	void doesNotReadContradictionsOfOtherSenders(String label, String none, String[] headers) throws Exception {
		try (RawClient client = from(STRANGER).upgrade("/ws", headers)) {
			assertThat(client.message().text()).startsWith(STRANGER);
		}
	}
}
