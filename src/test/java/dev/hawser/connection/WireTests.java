package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine does with bytes that no polite client sends: each row a broken rule and the close code that answers it. */
class WireTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.shared(Echo.class);
	}

	static Stream<Arguments> illegal() {
		return Stream.of(
				row("RSV1 without an extension", 1002, RawFrame.text("x").rsv(4)),
				row("RSV2", 1002, RawFrame.text("x").rsv(2)),
				row("RSV3 on a ping", 1002, RawFrame.ping().rsv(1)),
				row("reserved opcode 3", 1002, RawFrame.opcode(3)),
				row("reserved opcode 7 with payload", 1002, RawFrame.opcode(7).payload("x")),
				row("reserved control opcode 11", 1002, RawFrame.opcode(11)),
				row("reserved control opcode 15", 1002, RawFrame.opcode(15).payload("x")),
				row("unmasked text", 1002, RawFrame.text("x").unmasked()),
				row("unmasked close", 1002, RawFrame.close(1000, "").unmasked()),
				row("fragmented ping", 1002, RawFrame.ping().unfinished()),
				row("fragmented close", 1002, RawFrame.close(1000, "").unfinished()),
				row("ping of 126 bytes", 1002, RawFrame.ping(new byte[126])),
				row("pong of 126 bytes", 1002, RawFrame.pong(new byte[126])),
				row("close of 126 bytes", 1002, RawFrame.close(1000, "x".repeat(124))),
				row("continuation of nothing", 1002, RawFrame.continuation("x")),
				row("unfinished continuation of nothing", 1002, RawFrame.continuation("x").unfinished()),
				row("text within a text", 1002, RawFrame.text("x").unfinished(), RawFrame.text("y")),
				row("binary within a text", 1002, RawFrame.text("x").unfinished(), RawFrame.binary((byte) 1)),
				row("length 125 in 2 bytes", 1002, RawFrame.text("x".repeat(125)).lengthBytes(2)),
				row("length 65535 in 8 bytes", 1002, RawFrame.text("x".repeat(65535)).lengthBytes(8)),
				row("length with its top bit set", 1002, RawFrame.text("x").announcing(Long.MIN_VALUE | 5)),
				row("all length bits set", 1002, RawFrame.text("x").announcing(-1)),
				row("close body of one byte", 1002, RawFrame.opcode(8).payload(new byte[] { 3 })),
				row("close code 0", 1002, RawFrame.close(0, "")), row("close code 999", 1002, RawFrame.close(999, "")),
				row("close code 1004", 1002, RawFrame.close(1004, "")), row("close code 1005", 1002, RawFrame.close(1005, "")),
				row("close code 1006", 1002, RawFrame.close(1006, "")), row("close code 1015", 1002, RawFrame.close(1015, "")),
				row("close code 1016", 1002, RawFrame.close(1016, "")), row("close code 2999", 1002, RawFrame.close(2999, "")),
				row("close code 5000", 1002, RawFrame.close(5000, "")), row("close code 65535", 1002, RawFrame.close(65535, "")),
				row("close reason with a truncated code point", 1007,
						RawFrame.opcode(8).payload(new byte[] { 3, (byte) 0xE8, (byte) 0xC3 })),
				row("text that is not UTF-8", 1007, RawFrame.opcode(1).payload(new byte[] { (byte) 0xFF })),
				row("text that ends within a code point", 1007, RawFrame.opcode(1).payload(new byte[] { (byte) 0xE2, (byte) 0x82 })),
				row("UTF-16 surrogate in UTF-8", 1007, RawFrame.opcode(1).payload(new byte[] { (byte) 0xED, (byte) 0xA0, (byte) 0x80 })),
				row("overlong slash", 1007, RawFrame.opcode(1).payload(new byte[] { (byte) 0xC0, (byte) 0xAF })),
				row("bad byte in an unfinished fragment", 1007, RawFrame.opcode(1).payload(new byte[] { 'a', (byte) 0xF8 }).unfinished()),
				row("one byte over the limit, announced only", 1009, RawFrame.binary().announcing(1024 * 1024 + 1)),
				row("2^62 bytes announced", 1009, RawFrame.binary().announcing(1L << 62)));
	}

	private static Arguments row(String label, int code, RawFrame... frames) {
		return Arguments.of(label, code, frames);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("illegal")
	void failsTheConnectionWithTheRulesCode(String label, int code, RawFrame[] frames) throws Exception {
		try (RawClient client = server.connect()) {
			client.send(frames);
			var close = client.message();
			assertThat(close.isClose()).as("%s answered by %s", label, close).isTrue();
			assertThat(close.closeCode()).isEqualTo(code);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void echoesWhatCameBeforeTheViolation() throws Exception {
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("one"), RawFrame.text("two"), RawFrame.opcode(3));
			assertThat(client.message().text()).isEqualTo("one");
			assertThat(client.message().text()).isEqualTo("two");
			assertThat(client.message().closeCode()).isEqualTo(1002);
			assertThat(client.ended()).isTrue();
		}
	}
}
