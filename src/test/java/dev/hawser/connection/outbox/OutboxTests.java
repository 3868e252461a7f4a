package dev.hawser.connection.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hawser.api.SendResult;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

class OutboxTests {
	private static final int BOUND = 1000;
	private static final int LARGEST = 3000;

	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingOwner owner = new RecordingOwner();
	private final List<IOException> failures = owner.failures;
	private final Outbox outbound = new Outbox(owner.lock, transport, new SendLimits(BOUND, LARGEST, 0, System::nanoTime), null,
			owner.account, owner);

	OutboxTests() {
		transport.onWritten(outbound::written);
		owner.lock.lock(); // as the connection does for most calls of its outbox
	}

	@AfterEach
	void usedTheTransportAsItMust() {
		assertThat(transport.misuse).isNull();
	}

	private SendResult send(Opcode opcode, boolean fin, String text) {
		return outbound.send(new OutgoingFrame(opcode, fin, text.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void holdsWholeMessagesBackUntilAFragmentedOneHasEnded() {
		assertThat(send(Opcode.TEXT, false, "a")).isEqualTo(SendResult.SENT);
		assertThat(send(Opcode.TEXT, true, "whole")).isEqualTo(new SendResult.Queued(7));
		assertThat(send(Opcode.BINARY, true, "other")).isEqualTo(new SendResult.Queued(14));
		assertThat(send(Opcode.CONTINUATION, false, "b")).isEqualTo(SendResult.SENT);
		assertThat(transport.texts()).containsExactly("a", "b");
		assertThat(outbound.queuedBytes()).isEqualTo(14);
		assertThat(send(Opcode.CONTINUATION, true, "c")).isEqualTo(SendResult.SENT);
		assertThat(transport.texts()).containsExactly("a", "b", "c", "whole", "other");
		assertThat(outbound.queuedBytes()).isZero();
		assertThat(send(Opcode.TEXT, true, "next")).isEqualTo(SendResult.SENT);
	}

	@Test
	void letsControlFramesPassBetweenFragments() {
		send(Opcode.TEXT, false, "a");
		assertThat(send(Opcode.PING, true, "ping")).isEqualTo(SendResult.SENT);
		assertThat(send(Opcode.PONG, true, "pong")).isEqualTo(SendResult.SENT);
		assertThat(send(Opcode.TEXT, true, "whole")).as("still held").isInstanceOf(SendResult.Queued.class);
		send(Opcode.CONTINUATION, true, "b");
		assertThat(transport.texts()).containsExactly("a", "ping", "pong", "b", "whole");
	}

	@Test
	void refusesAMessageFromItsFirstFragmentOn() {
		transport.takes(0);
		send(Opcode.BINARY, true, "x".repeat(BOUND));
		SendResult overflowed = new SendResult.Overflowed(BOUND);
		assertThat(send(Opcode.TEXT, false, "first")).isEqualTo(overflowed);
		transport.finishWrites();
		transport.takes(Integer.MAX_VALUE);
		assertThat(send(Opcode.CONTINUATION, false, "middle")).as("although there is room").isEqualTo(overflowed);
		assertThat(send(Opcode.PING, true, "ping")).isEqualTo(SendResult.SENT);
		assertThat(send(Opcode.BINARY, true, "whole")).isEqualTo(SendResult.SENT);
		assertThat(send(Opcode.CONTINUATION, true, "last")).as("another's message changes nothing").isEqualTo(overflowed);
		assertThatIllegalArgumentException().isThrownBy(() -> send(Opcode.CONTINUATION, true, "after the last"));
		assertThat(outbound.isBroken()).isFalse();
		assertThat(transport.texts()).containsExactly("x".repeat(BOUND), "ping", "whole");
	}

	@Test
	void forgetsARefusedMessageWhenAnotherBegins() {
		transport.takes(0);
		send(Opcode.BINARY, true, "x".repeat(BOUND));
		send(Opcode.TEXT, false, "first");
		transport.finishWrites();
		transport.takes(Integer.MAX_VALUE);
		assertThat(send(Opcode.TEXT, false, "a")).isEqualTo(SendResult.SENT);
		assertThat(send(Opcode.CONTINUATION, true, "b")).isEqualTo(SendResult.SENT);
		assertThat(transport.texts()).containsExactly("x".repeat(BOUND), "a", "b");
	}

	@Test
	void isBrokenByTheRefusalOfALaterFragment() {
		send(Opcode.TEXT, false, "first");
		transport.takes(0);
		assertThat(send(Opcode.CONTINUATION, false, "x".repeat(BOUND - 100))).isInstanceOf(SendResult.Queued.class);
		assertThat(send(Opcode.BINARY, true, "y".repeat(200))).as("a whole message that does not fit")
				.isEqualTo(new SendResult.Overflowed(BOUND));
		assertThat(send(Opcode.PING, true, "y".repeat(125))).isEqualTo(new SendResult.Overflowed(BOUND));
		assertThat(outbound.isBroken()).isFalse();
		assertThat(send(Opcode.CONTINUATION, false, "y".repeat(200))).isEqualTo(new SendResult.Overflowed(BOUND));
		assertThat(outbound.isBroken()).isTrue();
	}

	@Test
	void refusesAContinuationOfNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> send(Opcode.CONTINUATION, true, "x")).withMessageContaining("continue");
		send(Opcode.TEXT, true, "whole");
		assertThatIllegalArgumentException().isThrownBy(() -> send(Opcode.CONTINUATION, false, "x"));
		assertThat(transport.texts()).containsExactly("whole");
	}

	@Test
	void refusesASecondFragmentedMessageWithinTheFirst() {
		send(Opcode.TEXT, false, "a");
		assertThatIllegalStateException().isThrownBy(() -> send(Opcode.BINARY, false, "b"));
		send(Opcode.CONTINUATION, true, "c");
		assertThat(send(Opcode.BINARY, false, "b")).isEqualTo(SendResult.SENT);
	}

	@Test
	void saysWhichOpcodeTheNextFragmentHas() {
		assertThat(outbound.nextFragment(Opcode.BINARY)).isEqualTo(Opcode.BINARY);
		send(Opcode.BINARY, false, "a");
		assertThat(outbound.nextFragment(Opcode.BINARY)).isEqualTo(Opcode.CONTINUATION);
		send(Opcode.CONTINUATION, true, "b");
		assertThat(outbound.nextFragment(Opcode.TEXT)).isEqualTo(Opcode.TEXT);
	}

	@Test
	void boundsWhatIsHeldBack() {
		send(Opcode.TEXT, false, "a");
		assertThat(send(Opcode.TEXT, true, "x".repeat(2 * BOUND)).accepted()).as("never refused while nothing waits").isTrue();
		assertThat(send(Opcode.TEXT, true, "y")).isEqualTo(new SendResult.Overflowed(BOUND));
		send(Opcode.CONTINUATION, true, "b");
		assertThat(transport.frames()).hasSize(3);
	}

	@Test
	void countsHeldAndQueuedBytesAgainstOneBound() {
		transport.takes(0);
		send(Opcode.TEXT, false, "x".repeat(496)); // 500 on the wire
		assertThat(send(Opcode.TEXT, true, "y".repeat(496))).isEqualTo(new SendResult.Queued(1000));
		assertThat(send(Opcode.TEXT, true, "z")).isEqualTo(new SendResult.Overflowed(BOUND));
	}

	@Test
	void refusesWhatNoConnectionMaySend() {
		assertThat(send(Opcode.TEXT, true, "x".repeat(LARGEST + 1))).isEqualTo(new SendResult.TooLarge(LARGEST));
		assertThat(send(Opcode.TEXT, true, "x".repeat(LARGEST))).isEqualTo(SendResult.SENT);
		assertThat(transport.frames()).hasSize(1);
	}

	@Test
	void sendsTheCloseFrameWithinAFragmentedMessageAndForgetsWhatWaits() {
		send(Opcode.TEXT, false, "a");
		send(Opcode.TEXT, true, "whole");
		outbound.sendClose(new CloseStatus(1001), null);
		assertThat(outbound.queuedBytes()).isZero();
		assertThat(transport.frames()).hasSize(2);
		assertThat(transport.frames().get(1).closeCode()).isEqualTo(1001);
	}

	@Test
	void countsMessagesAndBytesOnceSent() {
		send(Opcode.TEXT, false, "a");
		send(Opcode.TEXT, true, "whole");
		assertThat(outbound.messages()).as("the held one not yet").isEqualTo(1);
		send(Opcode.PING, true, "");
		send(Opcode.CONTINUATION, true, "b");
		outbound.sendClose(new CloseStatus(1000), null);
		assertThat(outbound.messages()).isEqualTo(3);
		assertThat(outbound.bytes()).isEqualTo(transport.sentBytes());
	}

	@Test
	void tellsOfABrokenSocketAndThrowsNothing() {
		transport.breaks();
		assertThat(send(Opcode.TEXT, true, "x")).isEqualTo(SendResult.NOT_FOUND);
		assertThat(failures).hasSize(1);
	}

	@Test
	void tellsOfASocketThatBreaksWhileGatheringEnds() {
		outbound.cork();
		send(Opcode.TEXT, true, "x");
		transport.breaks();
		outbound.uncork();
		assertThat(failures).hasSize(1);
	}
}
