package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.CloseInitiator;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.Parrot.Closed;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's own WebSocket client against the whole server. */
class JdkClientTests {
	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Parrot.class, "hawser.handshake.subprotocols=v2.chat,v1.chat");
	}

	@AfterAll
	static void stop() {
		server.close();
		HTTP.close();
	}

	/** What the client saw, one entry for each whole message, and for each control frame its name. */
	private static final class Listener implements WebSocket.Listener {
		private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
		private final StringBuilder text = new StringBuilder();
		private int binaryLength;

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
			text.append(part);
			if (last) {
				seen.add(text.toString());
				text.setLength(0);
			}
			return WebSocket.Listener.super.onText(socket, part, last);
		}

		@Override
		public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
			while (part.hasRemaining()) {
				if (part.get() != (byte) binaryLength++) {
					seen.add("wrong byte at " + (binaryLength - 1));
				}
			}
			if (last) {
				seen.add("binary " + binaryLength);
				binaryLength = 0;
			}
			return WebSocket.Listener.super.onBinary(socket, part, last);
		}

		@Override
		public CompletionStage<?> onPing(WebSocket socket, ByteBuffer payload) {
			seen.add("ping " + StandardCharsets.UTF_8.decode(payload.slice()));
			return WebSocket.Listener.super.onPing(socket, payload);
		}

		@Override
		public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
			seen.add("pong " + StandardCharsets.UTF_8.decode(payload.slice()));
			return WebSocket.Listener.super.onPong(socket, payload);
		}

		@Override
		public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
			seen.add("close " + code + " " + reason);
			return WebSocket.Listener.super.onClose(socket, code, reason);
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			seen.add("error " + error);
		}

		String next() throws InterruptedException {
			return seen.poll(60, TimeUnit.SECONDS);
		}
	}

	private static WebSocket connect(Listener listener) {
		return HTTP.newWebSocketBuilder().header("Authorization", "Bearer " + RunningHawser.token())
				.buildAsync(URI.create(server.url()), listener).join();
	}

	private static Closed closed() throws InterruptedException {
		return server.bean(Parrot.class).closed();
	}

	/** Closes with 1000 from this side and has OnClose see it, so that the next test finds the queue empty. */
	private static void close(WebSocket socket, Listener listener) throws InterruptedException {
		CompletableFuture<WebSocket> _ = socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
		assertThat(listener.next()).isEqualTo("close 1000 ");
		assertThat(closed()).isEqualTo(new Closed(1000, "", CloseInitiator.CLIENT));
	}

	static Stream<String> texts() {
		return Stream.of("", "hello", "grüße 🚢", "x".repeat(125), "x".repeat(126), "x".repeat(127), "x".repeat(65535),
				"x".repeat(65536), "x".repeat(1024 * 1024));
	}

	@ParameterizedTest(name = "[{index}]")
	@MethodSource("texts")
	void echoesText(String text) throws Exception {
		Listener listener = new Listener();
		WebSocket socket = connect(listener);
		socket.sendText(text, true).join();
		assertThat(listener.next()).isEqualTo(text);
		close(socket, listener);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, 1024 * 1024 })
	void echoesBinary(int length) throws Exception {
		Listener listener = new Listener();
		WebSocket socket = connect(listener);
		socket.sendBinary(ByteBuffer.wrap(counting(length)), true).join();
		assertThat(listener.next()).isEqualTo("binary " + length);
		close(socket, listener);
	}

	private static byte[] counting(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) i;
		}
		return bytes;
	}

	@Test
	void joinsFragmentsWithAPingBetweenThem() throws Exception {
		Listener listener = new Listener();
		WebSocket socket = connect(listener);
		socket.sendText("one ", false).join();
		socket.sendPing(StandardCharsets.UTF_8.encode("between")).join();
		assertThat(listener.next()).isEqualTo("pong between");
		socket.sendText("two ", false).join();
		socket.sendText("three", true).join();
		assertThat(listener.next()).isEqualTo("one two three");
		close(socket, listener);
	}

	@Test
	void sendsAPingAndLivesOnItsPong() throws Exception {
		Listener listener = new Listener();
		WebSocket socket = connect(listener);
		socket.sendText("ping me", true).join();
		assertThat(listener.next()).isEqualTo("ping marco");
		socket.sendText("still here", true).join();
		assertThat(listener.next()).isEqualTo("still here");
		close(socket, listener);
	}

	@Test
	void tellsTheServerTheClientsCloseCode() throws Exception {
		Listener listener = new Listener();
		connect(listener).sendClose(4001, "bye").join();
		assertThat(listener.next()).isEqualTo("close 4001 bye");
		assertThat(closed()).isEqualTo(new Closed(4001, "bye", CloseInitiator.CLIENT));
	}

	@Test
	void tellsTheClientTheServersCloseCode() throws Exception {
		Listener listener = new Listener();
		connect(listener).sendText("close me", true).join();
		assertThat(listener.next()).isEqualTo("close 4002 as you wish");
		assertThat(closed()).isEqualTo(new Closed(4002, "as you wish", CloseInitiator.SERVER));
	}

	@Test
	void takesTheUserFromTheTokenInTheHeader() throws Exception {
		Listener listener = new Listener();
		WebSocket socket = connect(listener);
		socket.sendText("who am I", true).join();
		assertThat(listener.next()).isEqualTo("developer");
		close(socket, listener);
	}

	@Test
	void turnsAwayAClientWithoutAToken() {
		assertThatThrownBy(() -> HTTP.newWebSocketBuilder().buildAsync(URI.create(server.url()), new Listener()).join())
				.isInstanceOf(CompletionException.class).cause().isInstanceOfSatisfying(WebSocketHandshakeException.class,
						e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
	}

	@Test
	void agreesToTheClientsFirstSubprotocolThatItKnows() throws Exception {
		Listener listener = new Listener();
		WebSocket socket = HTTP.newWebSocketBuilder().header("Authorization", "Bearer " + RunningHawser.token())
				.subprotocols("v3.chat", "v1.chat", "v2.chat").buildAsync(URI.create(server.url()), listener).join();
		assertThat(socket.getSubprotocol()).isEqualTo("v1.chat");
		close(socket, listener);
	}
}
