package dev.hawser.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.ProxyingRelay;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** The PROXY protocol from 127.0.0.1, which is trusted, and from 127.0.0.2, which is not. */
class ProxyProtocolTests {
	private static final String PROXY = "127.0.0.1";
	private static final String STRANGER = "127.0.0.2";
	private static final String V1 = "PROXY TCP4 192.0.2.7 203.0.113.1 4711 443\r\n";
	private static final int PROXY_COMMAND = 0x21;
	private static final int LOCAL_COMMAND = 0x20;
	private static final int TCP_OVER_IPV4 = 0x11;
	private static final int TCP_OVER_IPV6 = 0x21;
	private static final int UNIX_STREAM = 0x31;
	private static final byte[] IPV4 = HexFormat.of().parseHex("c0000207" + "cb007101" + "1267" + "01bb");
	private static final byte[] IPV6 = HexFormat.of().parseHex(
			"20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "1267" + "01bb");

	private static RunningHawser server;

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
				var address = request.remoteAddress();
				assertThat(server.connectionInfo(request.fd()).orElseThrow().remoteAddress()).isEqualTo(address);
				server.push(request.fd(),
						address.getAddress().getHostAddress() + " " + address.getPort() + " " + request.uri().getScheme());
			};
		}

		@Bean
		OnMessage echo() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}
	}

	@BeforeAll
	static void start() {
		server = start(PROXY);
	}

	private static RunningHawser start(String proxies, String... more) {
		return RunningHawser.start(Callbacks.class, Stream.concat(Stream.of("hawser.client-address.trusted-proxies=" + proxies,
				"hawser.client-address.proxy-protocol=true"), Stream.of(more)).toArray(String[]::new));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static Socket socket(String from, int port) throws IOException {
		return new Socket(InetAddress.ofLiteral(PROXY), port, InetAddress.ofLiteral(from), 0);
	}

	private static RawClient from(String address) throws IOException {
		return RawClient.over(socket(address, server.port()));
	}

	private static byte[] v1(String line) {
		return line.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** A header of version 2: signature, version and command, family and transport, length, content. */
	private static byte[] v2(int command, int family, int length, byte... content) {
		ByteArrayOutputStream header = new ByteArrayOutputStream();
		header.writeBytes(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a"));
		header.write(command);
		header.write(family);
		header.write(length >> 8);
		header.write(length);
		header.writeBytes(content);
		return header.toByteArray();
	}

	private static byte[] v2(int command, int family, byte... content) {
		return v2(command, family, content.length, content);
	}

	private static byte[] join(byte[] one, byte... other) {
		byte[] both = Arrays.copyOf(one, one.length + other.length);
		System.arraycopy(other, 0, both, one.length, other.length);
		return both;
	}

	/** The address and the port of the proxy itself. */
	private static final String ITSELF = PROXY + " <port> http";

	static Stream<Arguments> headers() {
		return Stream.of(
				Arguments.of("1, IPv4", "192.0.2.7 4711 http", v1(V1)),
				Arguments.of("1, IPv6", "2001:db8:0:0:0:0:0:1 4711 http", v1("PROXY TCP6 2001:db8::1 2001:db8::2 4711 443\r\n")),
				Arguments.of("1, unknown", ITSELF, v1("PROXY UNKNOWN\r\n")),
				Arguments.of("1, unknown with addresses", ITSELF, v1("PROXY UNKNOWN 192.0.2.7 203.0.113.1 4711 443\r\n")),
				Arguments.of("2, IPv4", "192.0.2.7 4711 http", v2(PROXY_COMMAND, TCP_OVER_IPV4, IPV4)),
				Arguments.of("2, IPv6", "2001:db8:0:0:0:0:0:1 4711 http", v2(PROXY_COMMAND, TCP_OVER_IPV6, IPV6)),
				Arguments.of("2, a socket in the proxy's file system", ITSELF, v2(PROXY_COMMAND, UNIX_STREAM, new byte[216])),
				Arguments.of("2, local", ITSELF, v2(LOCAL_COMMAND, 0)),
				Arguments.of("2, local with addresses to be left alone", ITSELF, v2(LOCAL_COMMAND, TCP_OVER_IPV4, IPV4)),
				Arguments.of("2, with more facts", "192.0.2.7 4711 http",
						v2(PROXY_COMMAND, TCP_OVER_IPV4, join(IPV4, new byte[] { 0x02, 0, 1, 'h', 0x04, 0, 2, 0, 0 }))),
				Arguments.of("2, TLS with a certificate at the proxy", "192.0.2.7 4711 https", v2(PROXY_COMMAND, TCP_OVER_IPV4,
						join(IPV4, new byte[] { 0x20, 0, 5, 7, 0, 0, 0, 0 }))),
				Arguments.of("2, TLS at the proxy", "192.0.2.7 4711 https", v2(PROXY_COMMAND, TCP_OVER_IPV4,
						join(IPV4, new byte[] { 0x20, 0, 15, 1, 0, 0, 0, 0, 0x21, 0, 7, 'T', 'L', 'S', 'v', '1', '.', '3' }))));
	}

	@ParameterizedTest(name = "version {0}: {1}")
	@MethodSource("headers")
	void believesATrustedProxy(String label, String expected, byte[] header) throws Exception {
		try (RawClient client = from(PROXY).send(header).upgrade("/ws")) {
			assertThat(client.message().text())
					.isEqualTo(expected.replace("<port>", Integer.toString(client.socket().getLocalPort())));
			assertThat(client.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
		}
	}

	@ParameterizedTest(name = "version {0}")
	@MethodSource("headers")
	void believesATrustedProxyByteByByte(String label, String expected, byte[] header) throws Exception {
		try (RawClient client = from(PROXY)) {
			for (byte one : header) {
				client.send(new byte[] { one });
			}
			assertThat(client.upgrade("/ws").message().text()).startsWith(expected.split(" ", -1)[0]);
		}
	}

	@ParameterizedTest(name = "version {0}")
	@MethodSource("headers")
	void takesAHeaderFromAnotherAddressForBadHttp(String label, String expected, byte[] header) throws Exception {
		try (RawClient client = from(STRANGER).send(header).request(RawClient.handshake("/ws"))) {
			assertThat(client.response().status()).isIn(400, 505);
		}
	}

	@Test
	void servesOtherAddressesWithoutAHeader() throws Exception {
		try (RawClient client = from(STRANGER).upgrade("/ws")) {
			assertThat(client.message().text()).isEqualTo(STRANGER + " " + client.socket().getLocalPort() + " http");
		}
	}

	static Stream<Arguments> bad() {
		return Stream.of(
				Arguments.of("none", v1("GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n")),
				Arguments.of("in lower case", v1("proxy TCP4 192.0.2.7 203.0.113.1 4711 443\r\n")),
				Arguments.of("1, too long", v1("PROXY UNKNOWN " + "x".repeat(100) + "\r\n")),
				Arguments.of("1, without addresses", v1("PROXY TCP4\r\n")),
				Arguments.of("1, no port", v1("PROXY TCP4 192.0.2.7 203.0.113.1 port 443\r\n")),
				Arguments.of("1, port too large", v1("PROXY TCP4 192.0.2.7 203.0.113.1 65536 443\r\n")),
				Arguments.of("1, a control character", v1("PROXY TCP4 192.0.2.7\t203.0.113.1 4711 443\r\n")),
				Arguments.of("1, CR without LF", v1("PROXY UNKNOWN\rGET /ws HTTP/1.1\r\n")),
				Arguments.of("2, version 3", v2(0x31, TCP_OVER_IPV4, IPV4)),
				Arguments.of("1, a name", v1("PROXY TCP4 localhost 203.0.113.1 4711 443\r\n")),
				Arguments.of("1, a name for the server", v1("PROXY TCP4 192.0.2.7 localhost 4711 443\r\n")),
				Arguments.of("1, a leading zero", v1("PROXY TCP4 192.0.02.7 203.0.113.1 4711 443\r\n")),
				Arguments.of("1, a port with a sign", v1("PROXY TCP4 192.0.2.7 203.0.113.1 +4711 443\r\n")),
				Arguments.of("1, unknown in lower case", v1("PROXY unknown\r\n")),
				Arguments.of("1, 108 bytes", v1("PROXY UNKNOWN " + "x".repeat(92) + "\r\n")),
				Arguments.of("2, command 2", v2(0x22, TCP_OVER_IPV4, IPV4)),
				Arguments.of("2, command 15", v2(0x2F, TCP_OVER_IPV4, IPV4)),
				Arguments.of("2, addresses of the other family", v2(PROXY_COMMAND, TCP_OVER_IPV6, IPV4)),
				Arguments.of("2, unknown family", v2(PROXY_COMMAND, 0x41, IPV4)),
				Arguments.of("2, UDP", v2(PROXY_COMMAND, 0x12, IPV4)),
				Arguments.of("2, no family", v2(PROXY_COMMAND, 0)),
				Arguments.of("2, larger than 1 KiB", v2(PROXY_COMMAND, TCP_OVER_IPV4, join(IPV4, new byte[2000]))),
				Arguments.of("2, length at its largest", v2(PROXY_COMMAND, TCP_OVER_IPV4, 65_535, IPV4)),
				Arguments.of("2, addresses cut short", v2(PROXY_COMMAND, TCP_OVER_IPV4, 4, Arrays.copyOf(IPV4, 4))),
				Arguments.of("2, a fact that ends behind the header",
						v2(PROXY_COMMAND, TCP_OVER_IPV4, join(IPV4, new byte[] { 2, 1, 0 }))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("bad")
	void hangsUpOnABadHeader(String label, byte[] header) throws Exception {
		try (RawClient client = from(PROXY).send(header)) {
			assertThat(endsWithoutAWord(client)).isTrue();
		}
		try (RawClient next = from(PROXY).send(v1(V1)).upgrade("/ws")) {
			assertThat(next.message().text()).startsWith("192.0.2.7");
		}
	}

	@ParameterizedTest(name = "version {0}")
	@MethodSource("headers")
	void hangsUpOnAHeaderThatEndsInTheMiddle(String label, String expected, byte[] header) throws Exception {
		try (RawClient client = from(PROXY).send(Arrays.copyOf(header, header.length - 1))) {
			client.socket().shutdownOutput();
			assertThat(endsWithoutAWord(client)).isTrue();
		}
	}

	/** Whether the server ended the connection, with FIN or, when it left bytes unread, with a reset. */
	private static boolean endsWithoutAWord(RawClient client) {
		try {
			return client.ended();
		}
		catch (IOException e) {
			return String.valueOf(e.getMessage()).contains("reset");
		}
	}

	// Chains.

	@Test
	void readsForwardedHeadersOfATrustedProxyBehindTheProxy() throws Exception {
		try (RunningHawser chain = start(PROXY + ",10.0.0.0/8");
				RawClient client = RawClient.over(socket(PROXY, chain.port()))
						.send(v1("PROXY TCP4 10.1.2.3 203.0.113.1 4711 443\r\n")).upgrade("/ws", "X-Forwarded-For: 192.0.2.8")) {
			assertThat(client.message().text()).isEqualTo("192.0.2.8 0 http");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Forwarded-For: 10.1.2.3", "Forwarded: for=10.1.2.3" })
	void readsNoForwardedHeadersOfAClientBehindTheProxy(String forged) throws Exception {
		try (RawClient client = from(PROXY).send(v1(V1)).upgrade("/ws", forged)) {
			assertThat(client.message().text()).isEqualTo("192.0.2.7 4711 http");
		}
	}

	// TLS behind the PROXY header.

	@Test
	void comesBeforeTls() throws Exception {
		CertificateChain certificates = CertificateChain.make();
		try (RunningHawser secure = start(PROXY, certificates.serverProperties()); Socket plain = socket(PROXY, secure.port())) {
			plain.getOutputStream().write(v2(PROXY_COMMAND, TCP_OVER_IPV4, IPV4));
			SSLSocket tls = (SSLSocket) certificates.trusting().getSocketFactory().createSocket(plain, "localhost", secure.port(), true);
			try (RawClient client = RawClient.over(tls).upgrade("/ws")) {
				assertThat(client.message().text()).isEqualTo("192.0.2.7 4711 https");
				assertThat(client.send(RawFrame.text("hello")).message().text()).isEqualTo("hello");
			}
			try (RawClient direct = RawClient.over(certificates.trusting().getSocketFactory()
					.createSocket(InetAddress.ofLiteral(PROXY), secure.port(), InetAddress.ofLiteral(STRANGER), 0)).upgrade("/ws")) {
				assertThat(direct.message().text()).startsWith(STRANGER);
			}
		}
	}

	@Test
	void comesBeforeHttp2() throws Exception {
		try (ProxyingRelay relay = new ProxyingRelay(server.port(), v1(V1)); Http2Client client = Http2Client.connect(relay.port())) {
			assertThat(client.webSocket("/ws").frame().text()).isEqualTo("192.0.2.7 4711 http");
			assertThat(client.webSocket("/ws").send(RawFrame.text("hello")).frame().text()).startsWith("192.0.2.7");
		}
	}

	@Test
	void isNotReadWhenItIsOff() throws Exception {
		try (RunningHawser off = RunningHawser.start(Callbacks.class, "hawser.client-address.trusted-proxies=" + PROXY);
				RawClient client = RawClient.over(socket(PROXY, off.port())).send(v1(V1)).request(RawClient.handshake("/ws"))) {
			assertThat(client.response().status()).isIn(400, 505);
		}
	}
}
