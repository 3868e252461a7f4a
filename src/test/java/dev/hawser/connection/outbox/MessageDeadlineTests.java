package dev.hawser.connection.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hawser.api.SendResult;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that are sent only until a certain time. */
class MessageDeadlineTests {
	private static final int BOUND = 1000;
	private static final long SOON = 100;
	private static final long LATER = 200;

	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingOwner owner = new RecordingOwner();
	private long now = Long.MAX_VALUE - 150; // the clock may start anywhere, and wrap
	private final long begin = now;
	private Outbox outbox = outbox(null);

	private Outbox outbox(@Nullable PerMessageDeflate deflate) {
		Outbox made = new Outbox(owner.lock, transport, new SendLimits(BOUND, BOUND, 1, () -> now), deflate, owner.account, owner);
		transport.onWritten(() -> {
			owner.lock.lock();
			try {
				made.written();
			}
			finally {
				owner.lock.unlock();
			}
		});
		return made;
	}

	@AfterEach
	void usedTheTransportAsItMust() {
		assertThat(transport.misuse).isNull();
	}

	private OutgoingFrame until(long moment, String text) {
		return OutgoingFrame.text(text).until(begin + moment);
	}

	private void comes(long moment) {
		now = begin + moment;
	}

	@Test
	void areSentLikeAnyOtherWhereTheSocketTakesThem() {
		assertThat(outbox.send(until(LATER, "now"))).isEqualTo(SendResult.SENT);
		assertThat(transport.texts()).containsExactly("now");
	}

	@Test
	void areDroppedAndCountedWhenTheyWaitedTooLong() {
		transport.takes(0);
		outbox.send(OutgoingFrame.text("in flight"));
		OutgoingFrame late = until(SOON, "late");
		assertThat(outbox.send(late)).isEqualTo(new SendResult.Queued(17));
		outbox.send(until(LATER, "in time"));
		outbox.send(OutgoingFrame.text("at any time"));
		comes(SOON);
		transport.finishWrites();
		assertThat(transport.texts()).containsExactly("in flight", "in time", "at any time");
		assertThat(owner.told).last().isEqualTo("dropped 1");
		assertThat(outbox.queuedBytes()).isZero();
	}

	@Test
	void makeRoomForOthersWhenTheyAreOver() {
		transport.takes(0);
		outbox.send(OutgoingFrame.text("in flight"));
		OutgoingFrame late = until(SOON, "x".repeat(BOUND - 15));
		assertThat(outbox.send(late).accepted()).isTrue();
		assertThat(outbox.send(OutgoingFrame.text("too much"))).isEqualTo(new SendResult.Overflowed(BOUND));
		comes(SOON);
		assertThat(outbox.send(OutgoingFrame.text("fits"))).isEqualTo(new SendResult.Queued(17));
		assertThat(owner.told).contains("dropped 1");
		transport.finishWrites();
		assertThat(transport.texts()).containsExactly("in flight", "fits");
	}

	@Test
	void areDroppedAlsoWhenTheyWaitedForTheEndOfAFragmentedMessage() {
		outbox.send(new OutgoingFrame(Opcode.TEXT, false, new byte[] { 'a' }));
		OutgoingFrame late = until(SOON, "late");
		outbox.send(late);
		outbox.send(OutgoingFrame.text("whole"));
		comes(SOON);
		outbox.send(new OutgoingFrame(Opcode.CONTINUATION, true, new byte[] { 'b' }));
		assertThat(transport.texts()).containsExactly("a", "b", "whole");
		assertThat(owner.told).contains("dropped 1");
	}

	@Test
	void keepTheirDeadlineWhenTheyAreCompressedAlone() {
		outbox = outbox(new PerMessageDeflate(false, false));
		transport.takes(0);
		outbox.send(OutgoingFrame.text("in flight"));
		OutgoingFrame late = until(SOON, "x".repeat(500));
		outbox.send(late);
		comes(SOON);
		transport.finishWrites();
		assertThat(transport.frames()).hasSize(1);
	}

	/** The peer's window must contain the same bytes as ours. */
	@Test
	void areSentAtAnyTimeWhereMessagesShareAWindow() {
		outbox = outbox(new PerMessageDeflate(true, false));
		transport.takes(0);
		outbox.send(OutgoingFrame.text("in flight"));
		OutgoingFrame late = until(SOON, "x".repeat(500));
		outbox.send(late);
		comes(SOON);
		transport.finishWrites();
		assertThat(transport.frames()).hasSize(2);
	}

	@Test
	void areNeverControlFramesOrPartsOfAMessage() {
		for (OutgoingFrame frame : new OutgoingFrame[] { new OutgoingFrame(Opcode.PING, true, new byte[0]),
				new OutgoingFrame(Opcode.TEXT, false, new byte[0]), new OutgoingFrame(Opcode.CONTINUATION, true, new byte[0]) }) {
			assertThatIllegalStateException().isThrownBy(() -> frame.until(LATER));
		}
		assertThat(until(SOON, "x").isExpired(begin + SOON - 1)).isFalse();
		assertThat(until(SOON, "x").isExpired(begin + SOON)).isTrue();
		assertThat(until(LATER, "x").forMany().expires()).isTrue();
		assertThat(OutgoingFrame.text("x").expires()).isFalse();
	}
}
