package dev.hawser.connection.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.ScriptedTransport;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.testing.ReceivedFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** Which messages a connection compresses, and in which order. */
class OutgoingCompressionTests {
	private static final int BOUND = 1000;
	private static final int THRESHOLD = 100;
	private static final PerMessageDeflate ALONE = new PerMessageDeflate(false, false);
	private static final PerMessageDeflate TAKES_OVER = new PerMessageDeflate(true, false);

	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingOwner owner = new RecordingOwner();
	private final List<IOException> failures = owner.failures;

	@AfterEach
	void usedTheTransportAsItMust() {
		assertThat(transport.misuse).isNull();
	}

	private Outbox outbound(PerMessageDeflate agreed, int threshold) {
		Outbox outbound = new Outbox(owner.lock, transport, new SendLimits(BOUND, 1024 * 1024, threshold, System::nanoTime), agreed,
				owner.account, owner);
		owner.lock.lock(); // as the connection does for most calls of its outbox
		transport.onWritten(outbound::written);
		return outbound;
	}

	private static OutgoingFrame frame(Opcode opcode, boolean fin, String text) {
		return new OutgoingFrame(opcode, fin, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Inflates the messages with one window, as a client does. */
	private static List<String> inflated(List<ReceivedFrame> frames) throws DataFormatException {
		Inflater inflater = new Inflater(true);
		byte[] out = new byte[100_000];
		List<String> texts = new ArrayList<>();
		for (ReceivedFrame frame : frames) {
			if (frame.rsv() == 0) {
				texts.add(frame.text());
				continue;
			}
			inflater.setInput(frame.payload());
			int length = inflater.inflate(out);
			inflater.setInput(new byte[] { 0, 0, -1, -1 });
			length += inflater.inflate(out, length, out.length - length);
			texts.add(new String(out, 0, length, StandardCharsets.UTF_8));
		}
		return texts;
	}

	private List<Boolean> compressed() {
		return transport.frames().stream().map(frame -> frame.rsv() == 4).toList();
	}

	@Test
	void compressesMessagesOfTheThresholdAndAbove() {
		for (PerMessageDeflate agreed : List.of(ALONE, TAKES_OVER)) {
			Outbox outbound = outbound(agreed, THRESHOLD);
			outbound.send(frame(Opcode.TEXT, true, "x".repeat(THRESHOLD - 1)));
			outbound.send(frame(Opcode.TEXT, true, "x".repeat(THRESHOLD)));
			outbound.send(frame(Opcode.BINARY, true, "x".repeat(THRESHOLD + 1)));
			outbound.send(frame(Opcode.TEXT, true, ""));
		}
		assertThat(compressed()).containsExactly(false, true, true, false, false, true, true, false);
	}

	@Test
	void neverCompressesControlFramesOrFragments() {
		for (PerMessageDeflate agreed : List.of(ALONE, TAKES_OVER)) {
			Outbox outbound = outbound(agreed, 0);
			outbound.send(frame(Opcode.PING, true, "p".repeat(125)));
			outbound.send(frame(Opcode.PONG, true, "p".repeat(125)));
			outbound.send(frame(Opcode.TEXT, false, "f".repeat(500)));
			outbound.send(frame(Opcode.CONTINUATION, true, "f".repeat(500)));
			outbound.sendClose(new CloseStatus(1000, "r".repeat(100)), null);
		}
		assertThat(compressed()).hasSize(10).containsOnly(false);
	}

	@Test
	void compressesAnEmptyMessageWhereTheWindowIsSharedAndNothingIsTooSmall() throws Exception {
		Outbox outbound = outbound(TAKES_OVER, 0);
		outbound.send(frame(Opcode.TEXT, true, ""));
		outbound.send(frame(Opcode.TEXT, true, "then this"));
		outbound.send(frame(Opcode.TEXT, true, ""));
		assertThat(compressed()).containsOnly(true);
		assertThat(inflated(transport.frames())).containsExactly("", "then this", "");
	}

	@Test
	void deflatesABroadcastOnceForAllReceivers() {
		OutgoingFrame broadcast = OutgoingFrame.forMany(Opcode.TEXT, "x".repeat(5000).getBytes(StandardCharsets.US_ASCII));
		OutgoingCompression first = new OutgoingCompression(ALONE, THRESHOLD, owner.account);
		OutgoingCompression second = new OutgoingCompression(ALONE, THRESHOLD, owner.account);
		assertThat(first.apply(broadcast)).isSameAs(second.apply(broadcast)).isNotSameAs(broadcast);
	}

	@Test
	void letsTheWindowSeeOnlyWhatIsSent() throws Exception {
		Outbox outbound = outbound(TAKES_OVER, 0);
		List<String> sent = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			transport.takes(i % 5 == 0 ? 0 : Integer.MAX_VALUE);
			byte[] noise = new byte[10 * (i % 9)]; // text that repeats within the window, and that soon fills the queue
			new Random(i % 40).nextBytes(noise);
			String text = "message " + i + " " + HexFormat.of().formatHex(noise);
			if (outbound.send(frame(Opcode.TEXT, true, text)).accepted()) {
				sent.add(text);
			}
			if (i % 20 == 19) {
				transport.finishWrites();
			}
		}
		transport.finishWrites();
		assertThat(sent).as("some were dropped").hasSizeBetween(20, 190);
		assertThat(inflated(transport.frames())).isEqualTo(sent);
	}

	@Test
	void compressesHeldMessagesInTheOrderInWhichTheyGo() throws Exception {
		Outbox outbound = outbound(TAKES_OVER, 20);
		outbound.send(frame(Opcode.TEXT, false, "a"));
		outbound.send(frame(Opcode.TEXT, true, "held ".repeat(30)));
		outbound.send(frame(Opcode.TEXT, true, "held ".repeat(31)));
		outbound.send(frame(Opcode.CONTINUATION, true, "b"));
		outbound.send(frame(Opcode.TEXT, true, "held ".repeat(32)));
		assertThat(inflated(transport.frames())).containsExactly("a", "b", "held ".repeat(30), "held ".repeat(31), "held ".repeat(32));
	}

	@Test
	void countsTheBytesOnTheWire() {
		Outbox outbound = outbound(ALONE, 0);
		outbound.send(frame(Opcode.TEXT, true, "x".repeat(5000)));
		assertThat(outbound.bytes()).isEqualTo(transport.sentBytes()).isLessThan(100);
	}

	@Test
	void takesNothingMoreAndThrowsNothingOnceTheSocketIsGone() {
		Outbox outbound = outbound(TAKES_OVER, 0);
		outbound.send(frame(Opcode.TEXT, true, "x".repeat(500)));
		outbound.fail();
		outbound.fail();
		outbound.sendClose(new CloseStatus(1001), null);
		assertThat(transport.frames()).hasSize(1);
		assertThat(failures).isEmpty();
	}
}
