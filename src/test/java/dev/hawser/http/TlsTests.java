package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.Frame;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.connection.Connections;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

/** WebSocket over TLS with {@code server.ssl.*}, a real chain of certificates, and clients of the JDK. */
@ReadsLog
class TlsTests {
	private static final int MIB = 1024 * 1024;

	private static CertificateChain certificates;
	private static SSLContext trusting;
	private static RunningHawser server;

	/** Echoes on virtual threads; {@link Http2TlsTests} covers the rest of what callbacks do. */
	static class BlockingEcho {
		static final BlockingQueue<Integer> CLOSE_CODES = new LinkedBlockingQueue<>();

		@Bean
		OnMessage echo() {
			return (server, frame) -> server.push(frame.fd(), Frame.of(frame.fd(), frame.data(), frame.opcode(), true));
		}

		@Bean
		OnClose remember() {
			return (_, _, status, _) -> CLOSE_CODES.add(status.getCode());
		}
	}

	@BeforeAll
	static void start(CapturedOutput output) throws Exception {
		certificates = CertificateChain.make();
		trusting = certificates.trusting();
		server = RunningHawser.start(BlockingEcho.class, certificates.serverProperties());
		assertThat(output).contains("wss://localhost:" + server.port() + "/ws");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	/** Waits until connections that a test left open have ended, so that they do not end during the next test. */
	@AfterEach
	void awaitTheEndOfAll() {
		Awaitility.await().untilAsserted(() -> assertThat(server.bean(Connections.class).size()).isZero());
		BlockingEcho.CLOSE_CODES.clear();
	}

	private static URI uri() {
		return URI.create("wss://localhost:" + server.port() + "/ws");
	}

	private static RawClient raw() throws IOException {
		return RawClient.over(trusting.getSocketFactory().createSocket("localhost", server.port())).upgrade("/ws");
	}

	private static Integer closeCode() throws InterruptedException {
		return BlockingEcho.CLOSE_CODES.poll(60, TimeUnit.SECONDS);
	}

	/** Collects whole messages of the JDK's client. */
	private static final class Inbox implements WebSocket.Listener {
		final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
		private final StringBuilder text = new StringBuilder();
		private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
			text.append(part);
			if (last) {
				messages.add(text.toString());
				text.setLength(0);
			}
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
			byte[] bytes = new byte[part.remaining()];
			part.get(bytes);
			binary.writeBytes(bytes);
			if (last) {
				messages.add(binary.toByteArray());
				binary.reset();
			}
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
			messages.add(code + " " + reason);
			return null;
		}

		Object next() throws InterruptedException {
			return messages.poll(60, TimeUnit.SECONDS);
		}
	}

	private static WebSocket connect(Inbox inbox) {
		return HttpClient.newBuilder().sslContext(trusting).build().newWebSocketBuilder().buildAsync(uri(), inbox).join();
	}

	private static String[] handshakeTo(String host) {
		String[] lines = RawClient.handshake("/ws");
		lines[1] = "Host: " + host;
		return lines;
	}

	/** The certificate is localhost's. */
	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.2", "other.example", "localhost.example" })
	void tellsClientsThatHaveComeToTheWrongHost(String host) throws Exception {
		try (RawClient client = RawClient.over(trusting.getSocketFactory().createSocket("localhost", server.port()))
				.request(handshakeTo(host))) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(421);
			assertThat(response.body()).contains("\"reason\":\"sni\"", "hawser.request.sni-check");
		}
		assertThat(server.bean(MeterRegistry.class).get("hawser.handshakes").tag("reason", "sni").counter().count()).isPositive();
	}

	@Test
	void servesAnyHostWhenTold() throws Exception {
		try (RunningHawser lenient = RunningHawser.start(BlockingEcho.class,
				certificates.serverProperties("hawser.request.sni-check=false"));
				RawClient client = RawClient.over(trusting.getSocketFactory().createSocket("localhost", lenient.port()))
						.request(handshakeTo("127.0.0.2"))) {
			assertThat(client.response().status()).isEqualTo(101);
		}
	}

	@ParameterizedTest(name = "{0} characters")
	@ValueSource(ints = { 0, 1, 125, 126, 127, 16_384, 65_535, 65_536, MIB })
	void echoesTextOfAnyLength(int length) throws Exception {
		Inbox inbox = new Inbox();
		WebSocket socket = connect(inbox);
		String text = "x".repeat(length);
		socket.sendText(text, true).join();
		assertThat(inbox.next()).isEqualTo(text);
		socket.abort();
	}

	@Test
	void echoesBinaryOfOneMebibyte() throws Exception {
		byte[] data = new byte[MIB];
		for (int i = 0; i < data.length; i++) {
			data[i] = (byte) (i * 31);
		}
		Inbox inbox = new Inbox();
		WebSocket socket = connect(inbox);
		socket.sendBinary(ByteBuffer.wrap(data), true).join();
		assertThat(inbox.next()).isEqualTo(data);
		socket.abort();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 3000, 4999 })
	void echoesCloseCodes(int code) throws Exception {
		Inbox inbox = new Inbox();
		WebSocket socket = connect(inbox);
		socket.sendClose(code, "bye").join();
		assertThat(inbox.next()).isEqualTo(code + " bye");
		assertThat(closeCode()).isEqualTo(code);
	}

	@Test
	void answersABatchOfOneRecordInOrder() throws Exception {
		RawFrame[] batch = new RawFrame[20];
		for (int i = 0; i < batch.length; i++) {
			batch[i] = RawFrame.text("message " + i);
		}
		try (RawClient client = raw()) {
			client.send(batch);
			for (int i = 0; i < batch.length; i++) {
				assertThat(client.message().text()).isEqualTo("message " + i);
			}
		}
	}

	@Test
	void readsManyRecordsThatCameTogether() throws Exception {
		int count = 500;
		try (RawClient client = raw()) {
			for (int i = 0; i < count; i++) {
				client.send(RawFrame.text("record " + i));
			}
			for (int i = 0; i < count; i++) {
				assertThat(client.message().text()).isEqualTo("record " + i);
			}
		}
	}

	@Test
	void readsAFrameOfManyRecords() throws Exception {
		try (RawClient client = raw()) {
			byte[] bytes = RawFrame.binary(new byte[1000]).bytes();
			for (byte one : bytes) {
				client.send(new byte[] { one });
			}
			assertThat(client.message().payload()).hasSize(1000);
		}
	}

	@Test
	void readsTheEndBehindTheLastMessage() throws Exception {
		try (RawClient client = raw()) {
			client.send(RawFrame.text("last"), RawFrame.close(1000, ""));
			((SSLSocket) client.socket()).shutdownOutput();
			assertThat(client.message().text()).isEqualTo("last");
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			assertThat(closeCode()).isEqualTo(1000);
		}
	}

	@Test
	void takesALostConnectionFor1006() throws Exception {
		raw().close();
		assertThat(closeCode()).isEqualTo(1006);
	}

	@Test
	void failsAnIllegalFrame() throws Exception {
		try (RawClient client = raw()) {
			client.send(RawFrame.text("not masked").unmasked());
			assertThat(client.message().closeCode()).isEqualTo(1002);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void showsTheChainUpToTheIntermediate() throws Exception {
		try (RawClient client = raw()) {
			client.awaitOpen();
			assertThat(((SSLSocket) client.socket()).getSession().getPeerCertificates()).hasSizeGreaterThanOrEqualTo(2);
		}
	}

	@Test
	void isNotTrustedByAClientThatDoesNotKnowTheRoot() {
		assertThatThrownBy(() -> HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri(), new Inbox()).join())
				.isInstanceOf(CompletionException.class).hasCauseInstanceOf(SSLException.class);
	}

	@Test
	void servesPlainRequestsInBothVersions() throws Exception {
		for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
			HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/nothing"))
					.version(version).build();
			HttpResponse<String> response = HttpClient.newBuilder().sslContext(trusting).build().send(request,
					HttpResponse.BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(version);
			assertThat(response.statusCode()).isEqualTo(404);
		}
	}
}
