package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.Frame;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Connections;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.jetty.http2.ErrorCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/** WebSocket on a stream of HTTP/2 (RFC 8441), with TLS and without. */
@ResourceLock("the queues of Obedient")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Http2WebSocketContract {
	private static final int MIB = 1024 * 1024;

	private RunningHawser server;

	/** Starts the server with a token secret, and these callbacks. */
	abstract RunningHawser start(Class<?> callbacks) throws Exception;

	abstract Http2Client connect(int port) throws Exception;

	/** Echoes, and obeys some texts that are commands. */
	static class Obedient {
		static final BlockingQueue<Ended> ENDED = new LinkedBlockingQueue<>();
		static volatile CountDownLatch gate = new CountDownLatch(0);
		static final BlockingQueue<Long> WAITING = new LinkedBlockingQueue<>();

		@Bean
		OnMessage obey() {
			return (server, frame) -> {
				switch (frame.isText() ? frame.text() : "") {
					case "close" -> server.disconnect(frame.fd(), 4321, "as you wish");
					case "hang up" -> server.hangUp(frame.fd());
					case "reset" -> server.reset(frame.fd());
					case "throw" -> throw new IllegalStateException("as the test wishes");
					case "fd" -> server.push(frame.fd(), Long.toString(frame.fd()));
					case "wait" -> {
						WAITING.add(frame.fd());
						gate.await(5, TimeUnit.MINUTES);
					}
					default -> echo(server, frame);
				}
			};
		}

		private static void echo(WebSocketServer server, Frame frame) {
			if (frame.isText()) {
				server.push(frame.fd(), frame.text());
			}
			else {
				server.push(frame.fd(), frame.data());
			}
		}

		@Bean
		OnClose remember() {
			return (_, fd, status, initiator) -> ENDED.add(new Ended(fd, status, initiator));
		}
	}

	record Ended(long fd, CloseStatus status, CloseInitiator initiator) {
	}

	@BeforeAll
	void startServer() throws Exception {
		server = start(Obedient.class);
	}

	@AfterAll
	void stopServer() {
		server.close();
	}

	/** Waits until connections that a test left open have ended, so that they do not end during the next test. */
	@AfterEach
	void awaitTheEndOfAll() {
		Obedient.gate.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(server.bean(Connections.class).size()).isZero());
		Obedient.ENDED.clear();
		Obedient.WAITING.clear();
	}

	final int port() {
		return server.port();
	}

	private Http2Client client() throws Exception {
		return connect(server.port());
	}

	private static Http2Stream open(Http2Client client) throws Exception {
		return client.webSocket("/ws?access_token=" + RunningHawser.token());
	}

	/** What OnClose was told of this one; the end of another test's may come late, since a 200 is sent before its connection is known. */
	private static Ended ended(Http2Stream socket) throws Exception {
		long fd = fd(socket);
		return Awaitility.await().until(() -> Obedient.ENDED.stream().filter(ended -> ended.fd() == fd).findFirst(), Optional::isPresent)
				.orElseThrow();
	}

	private static long fd(Http2Stream socket) throws Exception {
		String connectionId = socket.headers().get("hawser-connection-id");
		return Long.parseLong(connectionId.substring(connectionId.lastIndexOf('-') + 1));
	}

	// The handshake.

	@Test
	void announcesExtendedConnect() throws Exception {
		try (Http2Client client = client()) {
			assertThat(client.settings()).containsEntry(8, 1);
		}
	}

	@Test
	void answers200WithoutFieldsOfTheUpgradeMechanism() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client);
			assertThat(socket.headers().getFieldNamesCollection()).map(String::toLowerCase).doesNotContain("upgrade", "connection",
					"sec-websocket-accept", "transfer-encoding", "content-length", "sec-websocket-protocol");
		}
	}

	@Test
	void agreesOnASubprotocolOfferedWithATokenPair() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = client.webSocket("/ws", "sec-websocket-protocol",
					"bearer, " + RunningHawser.token() + ", superchat, chat");
			assertThat(socket.headers().get("sec-websocket-protocol")).isEqualTo("chat");
		}
	}

	@Test
	void takesTheTokenFromTheAuthorizationField() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = client.webSocket("/ws", "authorization", "Bearer " + RunningHawser.token());
			assertThat(socket.send(RawFrame.text("hello")).frame().text()).isEqualTo("hello");
		}
	}

	@Test
	void ignoresAKeyThatIsNotNeeded() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = client.webSocket("/ws?access_token=" + RunningHawser.token(), "sec-websocket-key", "no key");
			assertThat(socket.headers().contains("sec-websocket-accept")).isFalse();
		}
	}

	static Stream<Arguments> refusals() {
		return Stream.of(
				Arguments.of("no token", 401, "token-missing", new String[0]),
				Arguments.of("a forged token", 401, "token-invalid", new String[] { "authorization", "Bearer a.b.c" }),
				Arguments.of("a foreign origin", 403, "origin", new String[] { "origin", "https://elsewhere.example" }),
				Arguments.of("version 8", 400, "version", new String[] { "sec-websocket-version", "8" }),
				Arguments.of("a subprotocol that is no token", 400, "subprotocol", new String[] { "sec-websocket-protocol", "a b" }));
	}

	@ParameterizedTest(name = "{0}: {1} {2}")
	@MethodSource("refusals")
	void refusesWithAProblemAndEndsTheStream(String label, int status, String reason, String[] headers) throws Exception {
		try (Http2Client client = client()) {
			Http2Stream refused = client.handshake("/ws", headers);
			assertThat(refused.status()).as(label).isEqualTo(status);
			assertThat(refused.headers().get("content-type")).isEqualTo("application/problem+json");
			assertThat(refused.headers().contains("connection")).isFalse();
			assertThat(refused.headers().contains("upgrade")).isFalse();
			assertThat(refused.body()).contains('"' + reason + '"');
		}
	}

	@Test
	void namesItsVersionToAClientWithAnotherVersion() throws Exception {
		try (Http2Client client = client()) {
			assertThat(client.handshake("/ws", "sec-websocket-version", "8").headers().get("sec-websocket-version")).isEqualTo("13");
		}
	}

	@Test
	void letsAPageOfItsOwnOriginIn() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = client.handshake("/ws?access_token=" + RunningHawser.token(), "origin", client.origin());
			assertThat(socket.status()).isEqualTo(200);
		}
	}

	@Test
	void tellsAPlainRequestHowToConnect() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream plain = client.request("GET", "/ws");
			assertThat(plain.status()).isEqualTo(405);
			assertThat(plain.headers().get("allow")).isEqualTo("CONNECT");
			assertThat(plain.headers().contains("upgrade")).isFalse();
			assertThat(plain.body()).contains("\"no-upgrade\"", "CONNECT");
		}
	}

	@Test
	void doesNotImplementOtherProtocols() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream other = client.connect("connect-udp", "/ws", Http2Client.fields("sec-websocket-version", "13"));
			assertThat(other.status()).isEqualTo(501);
			assertThat(other.headers().get("content-type")).isEqualTo("application/problem+json");
		}
	}

	@Test
	void countsTheHandshake() throws Exception {
		MeterRegistry meters = server.bean(MeterRegistry.class);
		double before = meters.counter("hawser.handshakes", "hub", "default", "outcome", "accepted", "reason", "none").count();
		try (Http2Client client = client()) {
			open(client).send(RawFrame.text("x")).frame();
			assertThat(meters.counter("hawser.handshakes", "hub", "default", "outcome", "accepted", "reason", "none").count())
					.isEqualTo(before + 1);
		}
	}

	// Messages.

	@ParameterizedTest(name = "{0} bytes")
	@ValueSource(ints = { 0, 1, 125, 126, 127, 16_384, 65_535, 65_536, MIB })
	void echoesBinaryOfAnyLength(int length) throws Exception {
		byte[] data = new byte[length];
		for (int i = 0; i < length; i++) {
			data[i] = (byte) (i * 31);
		}
		try (Http2Client client = client()) {
			ReceivedFrame echo = open(client).send(RawFrame.binary(data)).frame();
			assertThat(echo.opcode()).isEqualTo(2);
			assertThat(echo.payload()).isEqualTo(data);
		}
	}

	@Test
	void reassemblesFragmentsWithAPingBetweenThem() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client);
			socket.send(RawFrame.text("one ").unfinished()).send(RawFrame.ping((byte) 7), RawFrame.continuation("two ").unfinished());
			socket.send(RawFrame.continuation("three"));
			ReceivedFrame pong = socket.frame();
			assertThat(pong.opcode()).isEqualTo(10);
			assertThat(pong.payload()).containsExactly(7);
			assertThat(socket.frame().text()).isEqualTo("one two three");
		}
	}

	@Test
	void readsFramesSplitAtEveryByteOverDataFrames() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client);
			byte[] bytes = RawFrame.text("split").bytes();
			for (byte one : bytes) {
				socket.send(new byte[] { one });
			}
			assertThat(socket.frame().text()).isEqualTo("split");
		}
	}

	@Test
	void answersABatchInOrder() throws Exception {
		RawFrame[] batch = IntStream.range(0, 20).mapToObj(i -> RawFrame.text("message " + i)).toArray(RawFrame[]::new);
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(batch);
			for (int i = 0; i < batch.length; i++) {
				assertThat(socket.frame().text()).isEqualTo("message " + i);
			}
		}
	}

	@Test
	void keepsTwoWebSocketsAndARequestOfOneConnectionApart() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream one = open(client);
			Http2Stream two = open(client);
			one.send(RawFrame.text("fd"));
			two.send(RawFrame.text("fd"));
			assertThat(one.frame().text()).isNotEqualTo(two.frame().text());
			one.send(RawFrame.text("for one").unfinished());
			two.send(RawFrame.text("for two"));
			Http2Stream nothing = client.request("GET", "/nothing");
			assertThat(nothing.status()).isEqualTo(404);
			assertThat(nothing.body()).contains("Not Found");
			assertThat(two.frame().text()).isEqualTo("for two");
			one.send(RawFrame.continuation(" too"));
			assertThat(one.frame().text()).isEqualTo("for one too");

			one.send(RawFrame.close(1000, ""));
			assertThat(one.frame().closeCode()).isEqualTo(1000);
			assertThat(two.send(RawFrame.text("still here")).frame().text()).isEqualTo("still here");
		}
	}

	@Test
	void broadcastsToManyStreamsFromManyThreads() throws Exception {
		int sockets = 20;
		int threads = 4;
		int each = 50;
		try (Http2Client client = client()) {
			List<Http2Stream> all = new ArrayList<>();
			for (int i = 0; i < sockets; i++) {
				all.add(open(client));
				all.getLast().send(RawFrame.text("there")).frame(); // the server answers CONNECT before it has registered the connection
			}
			WebSocketServer pusher = server.bean(WebSocketServer.class);
			List<CompletableFuture<Void>> pushes = IntStream.range(0, threads).mapToObj(_ -> CompletableFuture.runAsync(() -> {
				for (int i = 0; i < each; i++) {
					pusher.connections().forEach(fd -> pusher.push(fd, "to all"));
				}
			})).toList();
			for (Http2Stream socket : all) {
				for (int i = 0; i < threads * each; i++) {
					assertThat(socket.frame().text()).isEqualTo("to all");
				}
			}
			for (CompletableFuture<Void> push : pushes) {
				push.get(60, TimeUnit.SECONDS);
			}
		}
	}

	// Flow control.

	@Test
	void servesOtherStreamsWhileCallbacksHoldUpStreamsFullOfData() throws Exception {
		Obedient.gate = new CountDownLatch(1);
		try (Http2Client client = client()) {
			List<Http2Stream> held = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Http2Stream socket = open(client).send(RawFrame.text("wait"));
				assertThat(Obedient.WAITING.poll(60, TimeUnit.SECONDS)).isNotNull();
				socket.offer(RawFrame.binary(new byte[MIB]).bytes());
				held.add(socket);
			}
			Http2Stream free = open(client);
			assertThat(free.send(RawFrame.text("I am not held up")).frame().text()).isEqualTo("I am not held up");
			Obedient.gate.countDown();
			for (Http2Stream socket : held) {
				assertThat(socket.frame().payload()).hasSize(MIB);
			}
		}
		finally {
			Obedient.gate.countDown();
		}
	}

	@Test
	void drops1013OnAClientThatDoesNotRead() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream deaf = open(client);
			long fd = Long.parseLong(deaf.send(RawFrame.text("fd")).frame().text());
			deaf.stopReading();
			WebSocketServer pusher = server.bean(WebSocketServer.class);
			for (int i = 0; i < 3 * 16 && pusher.isEstablished(fd); i++) {
				pusher.push(fd, new byte[65_536]);
			}
			assertThat(ended(deaf)).isEqualTo(new Ended(fd, new CloseStatus(1013, "slow consumer"), CloseInitiator.SERVER));
			assertThat(open(client).send(RawFrame.text("others go on")).frame().text()).isEqualTo("others go on");
		}
	}

	// The end.

	@Test
	void echoesTheCloseFrameAndEndsTheStream() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.close(4000, "bye"));
			ReceivedFrame close = socket.frame();
			assertThat(close.closeCode()).isEqualTo(4000);
			assertThat(close.closeReason()).isEqualTo("bye");
			assertThat(socket.ended()).isTrue();
			Ended ended = ended(socket);
			assertThat(ended.status()).isEqualTo(new CloseStatus(4000, "bye"));
			assertThat(ended.initiator()).isEqualTo(CloseInitiator.CLIENT);
		}
	}

	@Test
	void echoesACloseFrameThatEndsTheStreamItself() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).sendLast(RawFrame.text("last"), RawFrame.close(1000, ""));
			assertThat(socket.frame().text()).isEqualTo("last");
			assertThat(socket.frame().closeCode()).isEqualTo(1000);
			assertThat(socket.ended()).isTrue();
			assertThat(ended(socket).status().getCode()).isEqualTo(1000);
		}
	}

	@Test
	void closesFirstAndWaitsForTheAnswer() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.text("close"));
			ReceivedFrame close = socket.frame();
			assertThat(close.closeCode()).isEqualTo(4321);
			assertThat(close.closeReason()).isEqualTo("as you wish");
			long fd = fd(socket);
			assertThat(Obedient.ENDED).as("not over before the answer").noneMatch(ended -> ended.fd() == fd);
			socket.sendLast(RawFrame.close(4321, ""));
			assertThat(socket.ended()).isTrue();
			Ended ended = ended(socket);
			assertThat(ended.status().getCode()).isEqualTo(4321);
			assertThat(ended.initiator()).isEqualTo(CloseInitiator.SERVER);
		}
	}

	@Test
	void failsAnIllegalFrame() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.text("not masked").unmasked());
			assertThat(socket.frame().closeCode()).isEqualTo(1002);
			assertThat(socket.ended()).isTrue();
		}
	}

	@Test
	void closesWith1011WhenACallbackThrows() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.text("throw"));
			assertThat(socket.frame().closeCode()).isEqualTo(1011);
			assertThat(ended(socket).status().getCode()).isEqualTo(1011);
		}
	}

	@Test
	void takesAResetStreamFor1006() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client);
			long fd = Long.parseLong(socket.send(RawFrame.text("fd")).frame().text());
			socket.reset();
			Ended ended = ended(socket);
			assertThat(ended.fd()).isEqualTo(fd);
			assertThat(ended.status().getCode()).isEqualTo(1006);
			assertThat(ended.initiator()).isEqualTo(CloseInitiator.CLIENT);
			assertThat(open(client).send(RawFrame.text("next")).frame().text()).isEqualTo("next");
		}
	}

	@Test
	void takesAStreamThatIsResetDuringACallbackFor1006() throws Exception {
		Obedient.gate = new CountDownLatch(1);
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.text("wait"));
			assertThat(Obedient.WAITING.poll(60, TimeUnit.SECONDS)).isNotNull();
			socket.send(RawFrame.text("never read")).reset();
			Obedient.gate.countDown();
			assertThat(ended(socket).status().getCode()).isEqualTo(1006);
		}
		finally {
			Obedient.gate.countDown();
		}
	}

	@Test
	void takesAStreamThatEndsWithoutACloseFrameFor1006() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).sendLast(RawFrame.text("bye"));
			assertThat(socket.frame().text()).isEqualTo("bye");
			assertThat(socket.ended()).isTrue();
			assertThat(ended(socket).status().getCode()).isEqualTo(1006);
		}
	}

	@Test
	void takesALostConnectionFor1006OnEachOfItsStreams() throws Exception {
		Http2Stream one;
		Http2Stream two;
		try (Http2Client client = client()) {
			one = open(client);
			one.send(RawFrame.text("x")).frame();
			two = open(client);
			two.send(RawFrame.text("x")).frame();
		}
		assertThat(ended(one).status().getCode()).isEqualTo(1006);
		assertThat(ended(two).status().getCode()).isEqualTo(1006);
	}

	@Test
	void hangsUpWithTheEndOfTheStream() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.text("hang up"));
			assertThat(socket.ended()).isTrue();
			assertThat(ended(socket)).extracting(Ended::initiator).isEqualTo(CloseInitiator.SERVER);
		}
	}

	@Test
	void resetsWithCancel() throws Exception {
		try (Http2Client client = client()) {
			Http2Stream socket = open(client).send(RawFrame.text("reset"));
			assertThat(socket.resetCode()).isEqualTo(ErrorCode.CANCEL_STREAM_ERROR.code);
			assertThatThrownBy(socket::ended).isInstanceOf(IOException.class);
			assertThat(ended(socket).status().getCode()).isEqualTo(1006);
			assertThat(open(client).send(RawFrame.text("next")).frame().text()).isEqualTo("next");
		}
	}

	@Test
	void leavesNothingBehind() throws Exception {
		try (Http2Client client = client()) {
			for (int i = 0; i < 40; i++) {
				open(client).sendLast(RawFrame.close(1000, ""));
				open(client).reset(); // perhaps before the server has put its connection on the stream
			}
			Awaitility.await().untilAsserted(() -> assertThat(server.bean(Connections.class).size()).isZero());
			assertThat(open(client).send(RawFrame.text("next")).frame().text()).isEqualTo("next");
		}
	}
}
