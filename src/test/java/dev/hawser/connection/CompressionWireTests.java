package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.BroadcastResult;
import dev.hawser.api.Frame;
import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.DeflatingClient;
import dev.hawser.testing.DeflatingClient.Message;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SamplePayloads;
import dev.hawser.testing.Witness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression on the wire (RFC 7692): what is agreed on, what breaks the rules, and what many or slow clients get. */
class CompressionWireTests {
	private static final String OFFER = "permessage-deflate; client_max_window_bits";
	private static final int OUTBOX = 256 * 1024;

	/** A server with default settings and compression: no window is kept after its message. */
	private static RunningHawser alone;
	/** A server where both sides may keep their window; messages to a slow client are dropped. */
	private static RunningHawser takingOver;

	@BeforeAll
	static void start() {
		alone = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.outbox-size=" + OUTBOX + "B", "hawser.connection.close-timeout=30s");
		takingOver = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.compression.server-context-takeover=true",
				"hawser.connection.compression.client-context-takeover=true", "hawser.connection.compression.threshold=0",
				"hawser.connection.outbox-size=" + OUTBOX + "B", "hawser.connection.slow-consumer=drop");
	}

	@AfterAll
	static void stop() {
		takingOver.close();
		alone.close();
	}

	private static DeflatingClient connect(RunningHawser server) throws IOException {
		DeflatingClient client = DeflatingClient.connect(server.port(), OFFER);
		assertThat(client.agreed()).isNotNull();
		return client;
	}

	private static long fd(DeflatingClient client) throws IOException {
		return Long.parseLong(client.send("fd").message().text());
	}

	/** The code with which the server answers these frames of a client that has agreed on compression. */
	private static int closeCode(RunningHawser server, RawFrame... frames) throws IOException {
		try (DeflatingClient client = connect(server)) {
			client.raw().send(frames);
			ReceivedFrame close = client.raw().message();
			assertThat(close.isClose()).as(close.toString()).isTrue();
			assertThat(close.rsv()).isZero();
			return close.closeCode();
		}
	}

	private static byte[] deflated(String text) {
		Deflater deflater = new Deflater(6, true);
		deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
		byte[] out = new byte[text.length() * 2 + 64];
		return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4);
	}

	@Test
	void agreesToNothingUntilItIsTurnedOn() throws Exception {
		RunningHawser plain = RunningHawser.shared(Witness.Callbacks.class, "hawser.connection.close-timeout=10m");
		try (DeflatingClient client = DeflatingClient.connect(plain.port(), OFFER)) {
			assertThat(client.agreed()).isNull();
			assertThat(client.send("x".repeat(5000)).message().compressed()).isFalse();
			client.raw().send(RawFrame.opcode(1).rsv(4).payload(deflated("Hello")));
			assertThat(client.raw().message().closeCode()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			permessage-deflate                                                      | permessage-deflate; server_no_context_takeover; client_no_context_takeover
			permessage-deflate; server_max_window_bits=15                           | permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15
			permessage-deflate; server_max_window_bits=10, permessage-deflate       | permessage-deflate; server_no_context_takeover; client_no_context_takeover
			x-other; a="b, c", permessage-deflate                                   | permessage-deflate; server_no_context_takeover; client_no_context_takeover
			permessage-deflate; server_max_window_bits=10                           |
			permessage-deflate; unknown                                             |
			x-other                                                                 |
			""")
	void answersTheOfferInTheHandshake(String offers, String answer) throws Exception {
		try (DeflatingClient client = DeflatingClient.connect(alone.port(), offers)) {
			assertThat(client.agreed()).isEqualTo(answer);
			assertThat(client.send("y".repeat(5000)).message().compressed()).isEqualTo(answer != null);
		}
	}

	@Test
	void readsOffersInSeveralLines() throws Exception {
		try (RawClient client = RawClient.connect(alone.port())) {
			RawClient.Response response = client.request(RawClient.handshake("/ws",
					"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8", "Sec-WebSocket-Extensions: x-other",
					"Sec-WebSocket-Extensions: permessage-deflate")).response();
			assertThat(response.status()).isEqualTo(101);
			assertThat(response.header("Sec-WebSocket-Extensions")).startsWith("permessage-deflate;");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", ";", "=", "permessage-deflate;", "permessage-deflate; =", "permessage-deflate; \"", "\u0000x" })
	void survivesBrokenOffers(String offer) throws Exception {
		try (RawClient client = RawClient.connect(alone.port())) {
			RawClient.Response response = client.request(RawClient.handshake("/ws", "Sec-WebSocket-Extensions: " + offer)).response();
			assertThat(response.status()).isIn(101, 400);
			assertThat(response.header("Sec-WebSocket-Extensions")).isNull();
		}
	}

	@Test
	void refusesRsv1OnAContinuationWith1002() throws Exception {
		assertThat(closeCode(alone, RawFrame.opcode(1).rsv(4).payload(deflated("Hello")).unfinished(), RawFrame.opcode(0).rsv(4)))
				.isEqualTo(1002);
		assertThat(closeCode(takingOver, RawFrame.text("plain").unfinished(), RawFrame.opcode(0).rsv(4))).isEqualTo(1002);
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 9, 10 })
	void refusesRsv1OnControlFramesWith1002(int opcode) throws Exception {
		assertThat(closeCode(alone, RawFrame.opcode(opcode).rsv(4))).isEqualTo(1002);
		assertThat(closeCode(takingOver, RawFrame.text("a").unfinished(), RawFrame.opcode(opcode).rsv(4))).isEqualTo(1002);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 6, 7 })
	void refusesTheOtherReservedBitsWith1002(int bits) throws Exception {
		assertThat(closeCode(alone, RawFrame.opcode(1).rsv(bits).payload(deflated("Hello")))).isEqualTo(1002);
	}

	@Test
	void refusesBrokenDeflateWith1007() throws Exception {
		assertThat(closeCode(alone, RawFrame.opcode(1).rsv(4).payload((byte) 7))).isEqualTo(1007);
		assertThat(closeCode(takingOver, RawFrame.opcode(2).rsv(4).payload((byte) -1, (byte) -1))).isEqualTo(1007);
		assertThat(closeCode(alone, RawFrame.opcode(2).rsv(4).payload(Arrays.copyOf(deflated("cut short"), 5)))).isEqualTo(1007);
	}

	@Test
	void refusesBadTextInsideACompressedMessageBeforeItEnds() throws Exception {
		Deflater deflater = new Deflater(6, true);
		deflater.setInput(new byte[] { 'a', (byte) 0xC0, 'b' });
		byte[] out = new byte[64];
		byte[] payload = Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
		assertThat(closeCode(alone, RawFrame.opcode(1).rsv(4).payload(payload).unfinished())).isEqualTo(1007);
		assertThat(closeCode(takingOver, RawFrame.opcode(1).rsv(4).payload(payload).unfinished())).isEqualTo(1007);
	}

	@Test
	void takesUncompressedAndEmptyMessagesInBetween() throws Exception {
		try (DeflatingClient client = connect(takingOver)) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.send("compressed").message().text()).isEqualTo("compressed");
				assertThat(client.send("").message().text()).isEmpty();
				client.raw().send(RawFrame.text("plain"), RawFrame.text(""));
				assertThat(client.message().text()).isEqualTo("plain");
				assertThat(client.message().text()).isEmpty();
				client.raw().send(DeflatingClient.frames(1, 0, "plain in fragments".getBytes(StandardCharsets.UTF_8), 3));
				assertThat(client.message().text()).isEqualTo("plain in fragments");
			}
		}
	}

	@Test
	void compressesFromTheThresholdUpwards() throws Exception {
		try (DeflatingClient client = connect(alone)) {
			assertThat(client.send("x".repeat(1023)).message().compressed()).isFalse();
			assertThat(client.send("x".repeat(1024)).message().compressed()).isTrue();
		}
	}

	@Test
	void neverCompressesControlFramesOrFragmentsOfTheServer() throws Exception {
		try (DeflatingClient client = connect(takingOver)) {
			long fd = fd(client);
			WebSocketServer server = takingOver.bean(WebSocketServer.class);
			client.raw().send(RawFrame.ping("p".repeat(125).getBytes(StandardCharsets.UTF_8)));
			assertThat(client.raw().frame().rsv()).isZero();
			server.ping(fd, "q".repeat(125).getBytes(StandardCharsets.UTF_8));
			assertThat(client.raw().frame().rsv()).isZero();
			server.push(fd, "r".repeat(5000).getBytes(StandardCharsets.UTF_8), Opcode.TEXT, false);
			server.push(fd, "s".repeat(5000).getBytes(StandardCharsets.UTF_8), Opcode.CONTINUATION, true);
			Message message = client.message();
			assertThat(message.compressed()).isFalse();
			assertThat(message.text()).isEqualTo("r".repeat(5000) + "s".repeat(5000));
			server.disconnect(fd, 4000, "t".repeat(123));
			assertThat(client.raw().message().rsv()).isZero();
		}
	}

	@Test
	void sharesWindowsOnBothSidesWhereBothMay() throws Exception {
		byte[] noise = SamplePayloads.NOISE.bytes(10_000, 1);
		try (DeflatingClient client = connect(takingOver)) {
			assertThat(client.agreed()).isEqualTo("permessage-deflate");
			client.send(2, noise, 0);
			assertThat(client.message().bytesOnWire()).isGreaterThan(noise.length);
			for (int i = 0; i < 5; i++) {
				client.send(2, noise, 100);
				Message echo = client.message();
				assertThat(echo.payload()).isEqualTo(noise);
				assertThat(echo.bytesOnWire()).as("the window has seen it all").isLessThan(500);
			}
		}
	}

	@Test
	void refusesABombWith1009AndHoldsLittleOfIt() throws Exception {
		byte[] bomb = bomb();
		assertThat(bomb.length).as("bytes on the wire").isLessThan(1100 * 1024);
		RawFrame[] frames = DeflatingClient.frames(2, 4, bomb, 16 * 1024);
		assertThat(closeCode(alone, Arrays.copyOf(frames, 10))).isEqualTo(1009);
		try (DeflatingClient client = connect(takingOver)) {
			client.raw().send(Arrays.copyOf(frames, 30));
			assertThat(client.raw().message().closeCode()).isEqualTo(1009);
		}
	}

	/** A gibibyte of zeros. */
	private static byte[] bomb() {
		Deflater deflater = new Deflater(9, true);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] zeros = new byte[1024 * 1024];
		byte[] chunk = new byte[64 * 1024];
		for (int i = 0; i < 1024; i++) {
			deflater.setInput(zeros);
			for (int count = deflater.deflate(chunk); count > 0; count = deflater.deflate(chunk)) {
				out.write(chunk, 0, count);
			}
		}
		deflater.end();
		return out.toByteArray();
	}

	@Test
	void limitsTheInflatedSizeApartFromTheSizeOnTheWire() throws Exception {
		try (RunningHawser server = RunningHawser.start(Witness.Callbacks.class, "hawser.connection.compression.enabled=true",
				"hawser.connection.max-message-size=10KB", "hawser.connection.compression.max-inflated-size=100KB")) {
			int limit = 100 * 1024;
			try (DeflatingClient client = connect(server)) {
				client.send("x".repeat(limit)); // more than a message may have uncompressed
				client.send("x".repeat(limit + 1));
				ReceivedFrame echo = client.raw().message();
				assertThat(echo.isClose() ? echo.closeCode() : 1009).isEqualTo(1009);
			}
			try (DeflatingClient client = connect(server)) {
				client.raw().send(RawFrame.text("x".repeat(10 * 1024 + 1)));
				assertThat(client.raw().message().closeCode()).isEqualTo(1009);
			}
		}
	}

	@Test
	void broadcastsToCompressingAndOtherClientsAlike() throws Exception {
		for (RunningHawser server : List.of(alone, takingOver)) {
			List<DeflatingClient> clients = new ArrayList<>();
			List<Long> fds = new ArrayList<>();
			try {
				for (int i = 0; i < 9; i++) {
					DeflatingClient client = DeflatingClient.connect(server.port(), i % 3 == 0 ? "x-other"
							: i % 3 == 1 ? "permessage-deflate" : "permessage-deflate; server_no_context_takeover");
					clients.add(client);
					fds.add(fd(client));
				}
				for (String text : List.of("b".repeat(50_000), "small", "grüße 🚢 ".repeat(1000))) {
					BroadcastResult result = server.bean(WebSocketServer.class).broadcast(Frame.text(0, text),
							fds.stream().mapToLong(fd -> fd));
					assertThat(result).isEqualTo(new BroadcastResult(9, 0));
					for (int i = 0; i < 9; i++) {
						Message message = clients.get(i).message();
						assertThat(message.text()).isEqualTo(text);
						assertThat(message.compressed()).as("client %d", i).isEqualTo(i % 3 != 0 && (text.length() > 5 || (i % 3 == 1
								&& server == takingOver)));
					}
				}
			}
			finally {
				for (DeflatingClient client : clients) {
					client.close();
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(SamplePayloads.class)
	void keepsASharedWindowRightWhileMessagesAreDropped(SamplePayloads payloads) throws Exception {
		WebSocketServer server = takingOver.bean(WebSocketServer.class);
		try (DeflatingClient client = connect(takingOver)) {
			long fd = fd(client);
			List<byte[]> accepted = new ArrayList<>();
			for (int round = 0; round < 2; round++) {
				int dropped = 0;
				for (int i = 0; dropped < 20; i++) {
					byte[] data = payloads.bytes(20_000, i % 7);
					SendResult result = server.push(fd, data);
					if (result.accepted()) {
						accepted.add(data);
					}
					else {
						dropped++;
					}
					assertThat(i).as("pushes").isLessThan(20_000);
				}
				for (byte[] data : accepted) {
					assertThat(client.message().payload()).isEqualTo(data);
				}
				accepted.clear();
				assertThat(client.send("still here").message().text()).isEqualTo("still here");
			}
		}
	}

	@Test
	void closesASlowConsumerWhoseMessagesAreCompressed() throws Exception {
		WebSocketServer server = alone.bean(WebSocketServer.class);
		try (DeflatingClient client = connect(alone)) {
			long fd = fd(client);
			int pushes = 0;
			byte[] json = SamplePayloads.JSON.bytes(50_000, 1);
			while (server.push(fd, json).accepted()) {
				assertThat(pushes++).isLessThan(20_000);
			}
			assertThat(alone.bean(Witness.class).ended(fd).code()).isEqualTo(1013);
			for (int i = 0; i < pushes; i++) {
				assertThat(client.message().payload()).isEqualTo(json);
			}
			assertThat(client.raw().message().closeCode()).isEqualTo(1013);
		}
	}
}
