package dev.hawser.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** What OnMessage receives. */
class FrameTests {
	private static final BlockingQueue<Frame> FRAMES = new LinkedBlockingQueue<>();
	private static RunningHawser plain;
	private static RunningHawser control;

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				FRAMES.add(frame);
				if (frame.isText() && frame.text().equals("echo")) {
					server.push(frame.fd(), frame);
				}
			};
		}
	}

	@BeforeAll
	static void start() {
		plain = RunningHawser.start(Callbacks.class);
		control = RunningHawser.start(Callbacks.class, "hawser.callbacks.deliver-ping-frames=true",
				"hawser.callbacks.deliver-pong-frames=true", "hawser.callbacks.deliver-close-frames=true");
	}

	@AfterAll
	static void stop() {
		plain.close();
		control.close();
	}

	@BeforeEach
	void forget() {
		FRAMES.clear();
	}

	private static Frame received() throws InterruptedException {
		Frame frame = FRAMES.poll(60, TimeUnit.SECONDS);
		assertThat(frame).as("a frame within a minute").isNotNull();
		return frame;
	}

	@Test
	void givesTextAsTextAndAsBytes() throws Exception {
		try (RawClient _ = plain.connect().send(RawFrame.text("gr\u00FC\u00DF \uD83D\uDE00"))) {
			Frame frame = received();
			assertThat(frame.fd()).isPositive();
			assertThat(frame.opcode()).isEqualTo(Opcode.TEXT);
			assertThat(frame.flags()).isEqualTo(0x21);
			assertThat(frame.finish()).isTrue();
			assertThat(frame.isText()).isTrue();
			assertThat(frame.isBinary()).isFalse();
			assertThat(frame.text()).isEqualTo("gr\u00FC\u00DF \uD83D\uDE00");
			assertThat(frame.data()).isEqualTo("gr\u00FC\u00DF \uD83D\uDE00".getBytes(StandardCharsets.UTF_8));
			assertThat(frame.toString()).doesNotContain("gr");
		}
	}

	@Test
	void givesBinaryAsBytesAndAsText() throws Exception {
		byte[] data = { 'o', 'k', (byte) 0xFF };
		try (RawClient _ = plain.connect().send(RawFrame.binary(data))) {
			Frame frame = received();
			assertThat(frame.opcode()).isEqualTo(Opcode.BINARY);
			assertThat(frame.flags()).isEqualTo(0x21);
			assertThat(frame.isBinary()).isTrue();
			assertThat(frame.isText()).isFalse();
			assertThat(frame.data()).isEqualTo(data);
			assertThat(frame.text()).isEqualTo("ok\uFFFD");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, 1024 * 1024 })
	void givesMessagesOfEveryLength(int length) throws Exception {
		try (RawClient _ = plain.connect().send(RawFrame.text("x".repeat(length)), RawFrame.binary(new byte[length]))) {
			assertThat(received().text()).hasSize(length);
			assertThat(received().data()).hasSize(length);
		}
	}

	@Test
	void mergesFragmentsUnderTheFirstOnesOpcode() throws Exception {
		try (RawClient client = plain.connect().send(RawFrame.text("a\u00FC".substring(0, 1)).unfinished(), RawFrame.ping((byte) 7),
				RawFrame.continuation("").unfinished(), RawFrame.continuation("b").unfinished(), RawFrame.continuation("c"),
				RawFrame.binary((byte) 1).unfinished(), RawFrame.opcode(0).payload((byte) 2))) {
			Frame text = received();
			assertThat(text.opcode()).isEqualTo(Opcode.TEXT);
			assertThat(text.text()).isEqualTo("abc");
			assertThat(text.finish()).isTrue();
			assertThat(text.flags()).isEqualTo(0x21);
			Frame binary = received();
			assertThat(binary.opcode()).isEqualTo(Opcode.BINARY);
			assertThat(binary.data()).containsExactly(1, 2);
			assertThat(binary.finish()).isTrue();
			assertThat(client.frame().opcode()).as("the pong").isEqualTo(10);
		}
	}

	@Test
	void mayBePushedBack() throws Exception {
		try (RawClient client = plain.connect().send(RawFrame.text("echo"))) {
			var echo = client.message();
			assertThat(echo.text()).isEqualTo("echo");
			assertThat(echo.fin()).isTrue();
		}
	}

	@Test
	void keepsControlFramesToTheEngine() throws Exception {
		try (RawClient client = plain.connect().send(RawFrame.ping((byte) 1, (byte) 2), RawFrame.pong((byte) 3), RawFrame.text("end"))) {
			var pong = client.frame();
			assertThat(pong.opcode()).isEqualTo(10);
			assertThat(pong.payload()).containsExactly(1, 2);
			assertThat(received().text()).isEqualTo("end");
			client.send(RawFrame.close(1000, ""));
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			assertThat(FRAMES).isEmpty();
		}
	}

	@Test
	void deliversPingsAndLeavesTheAnswerToTheApplication() throws Exception {
		try (RawClient client = control.connect().send(RawFrame.ping((byte) 1, (byte) 2), RawFrame.text("echo"))) {
			Frame ping = received();
			assertThat(ping.opcode()).isEqualTo(Opcode.PING);
			assertThat(ping.data()).containsExactly(1, 2);
			assertThat(ping.flags()).isEqualTo(0x21);
			assertThat(client.frame().text()).as("no pong before this").isEqualTo("echo");
			control.bean(WebSocketServer.class).push(ping.fd(), ping.data(), Opcode.PONG, true);
			var pong = client.frame();
			assertThat(pong.opcode()).isEqualTo(10);
			assertThat(pong.payload()).containsExactly(1, 2);
		}
	}

	@Test
	void deliversPongs() throws Exception {
		try (RawClient _ = control.connect().send(RawFrame.pong((byte) 9))) {
			Frame pong = received();
			assertThat(pong.opcode()).isEqualTo(Opcode.PONG);
			assertThat(pong.data()).containsExactly(9);
		}
	}

	@Test
	void deliversCloseFramesAndStillAnswersThem() throws Exception {
		try (RawClient client = control.connect().send(RawFrame.close(4001, "bye"))) {
			Frame close = received();
			assertThat(close.opcode()).isEqualTo(Opcode.CLOSE);
			assertThat(close.closeStatus().getCode()).isEqualTo(4001);
			assertThat(close.closeStatus().getReason()).isEqualTo("bye");
			var echo = client.message();
			assertThat(echo.closeCode()).isEqualTo(4001);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void deliversACloseFrameWithoutACode() throws Exception {
		try (RawClient client = control.connect().send(RawFrame.opcode(8))) {
			Frame close = received();
			assertThat(close.data()).isEmpty();
			assertThat(close.closeStatus().getCode()).isEqualTo(1000);
			assertThat(client.message().closeCode()).isEqualTo(1005);
			assertThat(client.ended()).isTrue();
		}
	}

	/** A frame is given to other threads without synchronization, so its fields must be final. */
	@Test
	void hasNoFieldThatAnotherThreadCouldSeeHalfWritten() {
		assertThat(Frame.class.getDeclaredFields()).allMatch(field -> Modifier.isFinal(field.getModifiers())
				|| Modifier.isVolatile(field.getModifiers()));
	}

	@Test
	void convertsItsPayloadOnce() {
		Frame text = Frame.text(1, "\u20ac");
		assertThat(text.data()).isEqualTo("\u20ac".getBytes(StandardCharsets.UTF_8)).isSameAs(text.data());
		assertThat(text.isFromString()).isTrue();
		Frame binary = Frame.binary(1, new byte[] { 65, (byte) 0xFF });
		assertThat(binary.text()).isEqualTo("A\uFFFD").isSameAs(binary.text());
		assertThat(binary.isFromString()).isFalse();
	}

	@Test
	void hasWhatASubprotocolSaysOfIt() {
		Frame json = Frame.json("{}").withMetadata(Map.of("a", "b")).from("ann");
		assertThat(json.isText()).isTrue();
		assertThat(json.dataType()).isEqualTo(DataType.JSON);
		assertThat(json.metadata()).isEqualTo(Map.of("a", "b"));
		assertThat(json.sender()).isEqualTo("ann");
		assertThat(json.event()).isEqualTo("message");
		Frame received = json.asReceived(7, "draw", null);
		assertThat(received.fd()).isEqualTo(7);
		assertThat(received.event()).isEqualTo("draw");
		assertThat(received.isReceived()).isTrue();
		assertThat(received.text()).isEqualTo("{}");
		assertThat(received.metadata()).isEqualTo(Map.of("a", "b"));
		assertThat(Frame.text("a").metadata()).isEmpty();
		assertThat(Frame.text("a").isPlain()).isTrue();
		assertThat(json.isPlain()).isFalse();
	}

	static Stream<Map<String, String>> badMetadata() {
		return Stream.of(Map.of("", "b"), Map.of("a b", "c"), Map.of("ä", "b"), Map.of("a", "ä"), Map.of("a", "b\r\nc"),
				Map.of("a".repeat(257), "b"), Map.of("a", "b".repeat(1025)),
				IntStream.range(0, 65).boxed().collect(Collectors.toMap(i -> "a" + i, _ -> "b")),
				IntStream.range(0, 9).boxed().collect(Collectors.toMap(i -> "a" + i, _ -> "b".repeat(1024))));
	}

	@ParameterizedTest
	@MethodSource("badMetadata")
	void refusesMetadataThatNoHeaderCanCarry(Map<String, String> metadata) {
		assertThatIllegalArgumentException().isThrownBy(() -> Frame.text("x").withMetadata(metadata)).withMessageContaining("etadata");
	}
}
