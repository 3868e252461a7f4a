package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.SendResult;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.Witness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in one frame and in many, up to the limit and over it, however they are split into packets. */
class FragmentationTests {
	private static final int LIMIT = 1024 * 1024;

	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.shared(Witness.Callbacks.class, "hawser.connection.close-timeout=10m");
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, LIMIT - 1, LIMIT })
	void echoesMessagesOfEveryLength(int length) throws Exception {
		try (RawClient client = server.connect()) {
			byte[] data = random(length);
			String text = "x".repeat(length);
			client.send(RawFrame.binary(data));
			ReceivedFrame binary = client.message();
			assertThat(binary.opcode()).isEqualTo(2);
			assertThat(binary.payload()).isEqualTo(data);
			client.send(RawFrame.text(text));
			ReceivedFrame echoed = client.message();
			assertThat(echoed.opcode()).isEqualTo(1);
			assertThat(echoed.text()).isEqualTo(text);
		}
	}

	@Test
	void echoesTheLimitInFragments() throws Exception {
		try (RawClient client = server.connect()) {
			byte[] data = random(LIMIT);
			for (int at = 0; at < LIMIT; at += LIMIT / 8) {
				RawFrame fragment = RawFrame.opcode(at == 0 ? 2 : 0).payload(Arrays.copyOfRange(data, at, at + LIMIT / 8));
				client.send(at + LIMIT / 8 == LIMIT ? fragment : fragment.unfinished());
			}
			assertThat(client.message().payload()).isEqualTo(data);
		}
	}

	@Test
	void refusesOneByteOverTheLimit() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("x".repeat(LIMIT + 1)));
			assertThat(client.message().closeCode()).isEqualTo(1009);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void refusesOneByteOverTheLimitInFragments() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.binary(random(LIMIT)).unfinished(), RawFrame.ping((byte) 7));
			assertThat(client.message().opcode()).as("alive at the limit").isEqualTo(10);
			client.send(RawFrame.continuation("x"));
			assertThat(client.message().closeCode()).isEqualTo(1009);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void assemblesAHundredThousandFragmentsOfOneByte() throws Exception {
		try (RawClient client = server.connect()) {
			int count = 100_000;
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			StringBuilder expected = new StringBuilder();
			for (int i = 0; i < count; i++) {
				String letter = Character.toString('a' + i % 26);
				expected.append(letter);
				RawFrame fragment = RawFrame.opcode(i == 0 ? 1 : 0).payload(letter);
				out.writeBytes((i == count - 1 ? fragment : fragment.unfinished()).bytes());
			}
			client.send(out.toByteArray());
			assertThat(client.message().text()).isEqualTo(expected.toString());
		}
	}

	@Test
	void readsFramesThatComeByteAfterByte() throws Exception {
		try (RawClient client = server.connect()) {
			for (RawFrame frame : new RawFrame[] { RawFrame.text("h\u00e9 ").unfinished(), RawFrame.ping((byte) 1),
					RawFrame.continuation("x".repeat(130)) }) {
				for (byte octet : frame.bytes()) {
					client.send(new byte[] { octet });
				}
			}
			assertThat(client.message().opcode()).isEqualTo(10);
			assertThat(client.message().text()).isEqualTo("h\u00e9 " + "x".repeat(130));
		}
	}

	@Test
	void answersPingsInOrderWithTheirPayload() throws Exception {
		try (RawClient client = server.connect()) {
			RawFrame[] burst = new RawFrame[10];
			for (int i = 0; i < burst.length; i++) {
				burst[i] = RawFrame.ping(random(i * 13));
			}
			client.send(burst);
			client.send(RawFrame.ping(random(125)));
			for (int i = 0; i < burst.length; i++) {
				ReceivedFrame pong = client.message();
				assertThat(pong.opcode()).isEqualTo(10);
				assertThat(pong.payload()).as("pong %d", i).isEqualTo(random(i * 13));
			}
			assertThat(client.message().payload()).isEqualTo(random(125));
		}
	}

	@Test
	void answersPingsWhileACallbackBlocks() throws Exception {
		var release = server.bean(Witness.class).block();
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("block"), RawFrame.ping((byte) 1));
			assertThat(client.message().opcode()).as("the pong before the reply").isEqualTo(10);
			release.countDown();
			assertThat(client.message().text()).isEqualTo("unblocked");
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void ignoresUnsolicitedPongs() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.pong(), RawFrame.pong(random(125)), RawFrame.text("a").unfinished(), RawFrame.pong((byte) 1),
					RawFrame.continuation("b"));
			assertThat(client.message().text()).isEqualTo("ab");
		}
	}

	@Test
	void answersMessagesThatArriveTogetherInTheirOrder() throws Exception {
		try (RawClient client = server.connect()) {
			int count = 2000;
			RawFrame[] frames = new RawFrame[count];
			for (int i = 0; i < count; i++) {
				frames[i] = i % 2 == 0 ? RawFrame.text("message " + i)
						: RawFrame.opcode(2).payload(("message " + i).getBytes(StandardCharsets.US_ASCII));
			}
			client.send(frames);
			for (int i = 0; i < count; i++) {
				assertThat(client.message().text()).isEqualTo("message " + i);
			}
		}
	}

	@Test
	void doesNotHoldBackEarlierRepliesOfABatchForASlowCallback() throws Exception {
		var release = server.bean(Witness.class).block();
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("a"), RawFrame.text("b"), RawFrame.text("block"), RawFrame.text("c"));
			assertThat(client.message().text()).isEqualTo("a");
			assertThat(client.message().text()).isEqualTo("b");
			assertThat(release.getCount()).as("the slow callback still waits").isEqualTo(1);
			release.countDown();
			assertThat(client.message().text()).isEqualTo("unblocked");
			assertThat(client.message().text()).isEqualTo("c");
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void keepsWholeMessagesOutOfAFragmentedOneThatItSends() throws Exception {
		try (RawClient client = server.connect()) {
			long fd = Witness.fd(client);
			WebSocketServer push = server.bean(WebSocketServer.class);
			assertThat(push.push(fd, "a".getBytes(StandardCharsets.US_ASCII), Opcode.TEXT, false)).isEqualTo(SendResult.SENT);
			assertThat(push.push(fd, "whole")).isInstanceOf(SendResult.Queued.class);
			assertThat(push.ping(fd)).isEqualTo(SendResult.SENT);
			assertThat(push.push(fd, "b".getBytes(StandardCharsets.US_ASCII), Opcode.CONTINUATION, true)).isEqualTo(SendResult.SENT);
			assertThat(client.frame()).hasToString("opcode 1 unfinished \"a\"");
			assertThat(client.frame().opcode()).isEqualTo(9);
			assertThat(client.frame()).hasToString("opcode 0 \"b\"");
			assertThat(client.frame()).hasToString("opcode 1 \"whole\"");
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void echoesRandomScriptsHoweverTheyAreCut(long seed) throws Exception {
		Random random = new Random(seed);
		try (RawClient client = server.connect()) {
			for (int i = 0; i < 30; i++) {
				byte[] data = random(random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(300));
				ByteArrayOutputStream wire = new ByteArrayOutputStream();
				int pings = 0;
				for (int at = 0, count; at < data.length || wire.size() == 0; at += count) {
					count = Math.min(data.length - at, 1 + random.nextInt(data.length / 2 + 1));
					RawFrame fragment = RawFrame.opcode(at == 0 ? 2 : 0).payload(Arrays.copyOfRange(data, at, at + count));
					wire.writeBytes((at + count == data.length ? fragment : fragment.unfinished()).bytes());
					if (at + count < data.length && random.nextBoolean()) {
						wire.writeBytes(RawFrame.ping((byte) pings++).bytes());
					}
				}
				byte[] bytes = wire.toByteArray();
				for (int at = 0; at < bytes.length;) {
					int count = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length));
					client.send(Arrays.copyOfRange(bytes, at, at + count));
					at += count;
				}
				for (int ping = 0; ping < pings; ping++) {
					assertThat(client.message().payload()).containsExactly(ping);
				}
				assertThat(client.message().payload()).isEqualTo(data);
			}
		}
	}
}
