package dev.hawser.connection.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.hawser.api.SendResult;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.ReceivedFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteQueueTests {
	private static final int BOUND = 1000;

	private final ScriptedTransport transport = new ScriptedTransport();
	private final MemoryBudget memory = MemoryBudget.unlimited();
	private final WriteQueue outbox = new WriteQueue(transport, limits(BOUND), null, memory.open(() -> {
	}));

	WriteQueueTests() {
		transport.onWritten(outbox::written);
	}

	@AfterEach
	void usedTheTransportAsItMust() {
		assertThat(transport.misuse).isNull();
	}

	private static SendLimits limits(long bound) {
		return new SendLimits(bound, bound, 0, System::nanoTime);
	}

	private static OutgoingFrame text(String text) {
		return OutgoingFrame.text(text);
	}

	private static OutgoingFrame binary(int length) {
		return new OutgoingFrame(Opcode.BINARY, true, new byte[length]);
	}

	/** Like {@link Outbox}: first asks whether there is room, then adds the frame. */
	private SendResult send(OutgoingFrame frame) throws IOException {
		if (outbox.isOverfullWith(frame.size())) {
			return new SendResult.Overflowed(BOUND);
		}
		outbox.put(frame);
		return outbox.pending() == 0 ? SendResult.SENT : new SendResult.Queued(outbox.pending());
	}

	@Test
	void sendsAtOnceWhatTheSocketTakes() throws Exception {
		assertThat(send(text("one"))).isEqualTo(SendResult.SENT);
		assertThat(send(text("two"))).isEqualTo(SendResult.SENT);
		assertThat(transport.texts()).containsExactly("one", "two");
		assertThat(transport.flushes).isEqualTo(2);
		assertThat(outbox.isEmpty()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 6 })
	void queuesInOrderWhatTheSocketDoesNotTake(int taken) throws Exception {
		transport.takes(taken);
		assertThat(send(text("first"))).isEqualTo(new SendResult.Queued(7 - taken));
		assertThat(send(text("second"))).isEqualTo(new SendResult.Queued(7 - taken + 8));
		assertThat(send(text("third"))).isEqualTo(new SendResult.Queued(7 - taken + 8 + 7));
		assertThat(outbox.isEmpty()).isFalse();
		transport.finishWrite();
		assertThat(transport.texts()).containsExactly("first");
		assertThat(outbox.pending()).isEqualTo(15);
		transport.finishWrites();
		assertThat(transport.texts()).containsExactly("first", "second", "third");
		assertThat(outbox.pending()).isZero();
		assertThat(outbox.isEmpty()).isTrue();
		assertThat(send(text("fourth"))).as("with the queue empty again").isEqualTo(new SendResult.Queued(8 - taken));
	}

	@Test
	void gathersWhileCorkedIntoOneWrite() throws Exception {
		outbox.cork();
		for (int i = 0; i < 100; i++) {
			assertThat(send(text("m" + i))).isEqualTo(SendResult.SENT);
		}
		assertThat(transport.flushes).isZero();
		assertThat(outbox.isEmpty()).isFalse();
		outbox.uncork();
		assertThat(transport.flushes).isEqualTo(1);
		assertThat(transport.texts()).containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
		send(text("at once"));
		assertThat(transport.flushes).isEqualTo(2);
	}

	@Test
	void flushesWhatIsGatheredAndGoesOnGathering() throws Exception {
		outbox.cork();
		send(text("one"));
		outbox.flush();
		assertThat(transport.texts()).containsExactly("one");
		send(text("two"));
		assertThat(transport.texts()).containsExactly("one");
		outbox.uncork();
		assertThat(transport.texts()).containsExactly("one", "two");
	}

	@Test
	void sendsNothingForNothing() throws Exception {
		outbox.cork();
		outbox.uncork();
		outbox.flush();
		assertThat(transport.flushes).isZero();
	}

	@Test
	void keepsTheOrderOfFramesThatExceedTheGatheringBuffer() throws Exception {
		int[] lengths = { 10, BufferPool.SIZE - 100, 200, BufferPool.SIZE + 1, 20, BufferPool.SIZE - 10, BufferPool.SIZE, 30 };
		outbox.cork();
		for (int length : lengths) {
			assertThat(send(binary(length))).isEqualTo(SendResult.SENT);
		}
		outbox.uncork();
		assertThat(transport.frames().stream().mapToInt(f -> f.payload().length)).containsExactly(IntStream.of(lengths).boxed()
				.toArray(Integer[]::new));
	}

	@Test
	void keepsTheOrderOfGatheredAndQueuedFrames() throws Exception {
		outbox.cork();
		send(text("gathered"));
		transport.takes(3);
		send(binary(BufferPool.SIZE + 1)); // does not fit: the gathered frames are written first, and the socket does not take them all
		outbox.put(text("queued"));
		outbox.uncork();
		transport.finishWrites();
		assertThat(transport.frames()).hasSize(3);
		assertThat(transport.frames().get(0).text()).isEqualTo("gathered");
		assertThat(transport.frames().get(2).text()).isEqualTo("queued");
	}

	@Test
	void refusesWhatWouldExceedTheBound() throws Exception {
		transport.takes(0);
		send(binary(498)); // 502 on the wire
		assertThat(send(binary(BOUND - 502 - 4))).as("exactly the bound").isEqualTo(new SendResult.Queued(BOUND));
		assertThat(send(text(""))).isEqualTo(new SendResult.Overflowed(BOUND));
		assertThat(outbox.pending()).isEqualTo(BOUND);
		transport.finishWrites();
		assertThat(transport.frames()).hasSize(2);
		assertThat(send(text(""))).as("with room again").isEqualTo(new SendResult.Queued(2));
	}

	@Test
	void refusesOneByteOverTheBound() throws Exception {
		transport.takes(0);
		send(binary(498));
		assertThat(send(binary(BOUND - 502 - 4 + 1))).isEqualTo(new SendResult.Overflowed(BOUND));
	}

	@Test
	void neverRefusesWhileNothingWaits() throws Exception {
		transport.takes(0);
		assertThat(send(binary(5 * BOUND)).accepted()).isTrue();
		assertThat(send(text("x"))).isEqualTo(new SendResult.Overflowed(BOUND));
	}

	@Test
	void takesTheLastFrameWhateverWaits() throws Exception {
		transport.takes(0);
		send(binary(5 * BOUND));
		outbox.put(text("bye"));
		transport.finishWrites();
		assertThat(transport.texts()).hasSize(2).last().isEqualTo("bye");
	}

	@Test
	void gathersManySmallWaitingFramesIntoFewBuffers() throws Exception {
		transport.takes(0);
		send(text("in flight"));
		for (int i = 0; i < 300; i++) {
			outbox.put(text("0123456789"));
		}
		transport.finishWrite();
		assertThat(transport.buffersOfLastWrite).isEqualTo(1);
		transport.finishWrites();
		assertThat(transport.frames()).hasSize(301);
	}

	@Test
	void saysThatTheSocketIsBroken() {
		transport.breaks();
		assertThatIOException().isThrownBy(() -> send(text("x")));
	}

	@Test
	void forgetsEverythingWhenTheSocketIsGone() throws Exception {
		transport.takes(0);
		send(text("in flight"));
		send(text("waiting"));
		outbox.fail();
		assertThat(outbox.pending()).isZero();
		assertThat(outbox.isEmpty()).isTrue();
		send(text("late"));
		outbox.written();
		assertThat(outbox.isEmpty()).isTrue();
		assertThat(transport.frames()).isEmpty();
	}

	@Test
	void forgetsWhatIsGatheredWhenTheSocketIsGone() throws Exception {
		outbox.cork();
		send(text("gathered"));
		outbox.fail();
		outbox.uncork();
		assertThat(transport.flushes).isZero();
		assertThat(outbox.isEmpty()).isTrue();
	}

	private interface Use {
		void run() throws IOException;
	}

	/** Calls an outbox as the connection does. */
	private static void locked(ReentrantLock lock, Use use) {
		lock.lock();
		try {
			use.run();
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
		finally {
			lock.unlock();
		}
	}

	@Test
	void losesAndDoublesNothingUnderConcurrentSenders() throws Exception {
		int senders = 4;
		int each = 2000;
		WriteQueue wide = new WriteQueue(transport, limits(Long.MAX_VALUE), null, memory.open(() -> {
		}));
		ReentrantLock lock = new ReentrantLock(); // the connection's
		transport.onWritten(() -> locked(lock, wide::written));
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService threads = Executors.newFixedThreadPool(senders + 2)) {
			List<Future<?>> sending = new ArrayList<>();
			for (int sender = 0; sender < senders; sender++) {
				int me = sender;
				sending.add(threads.submit(() -> {
					for (int i = 0; i < each; i++) {
						String text = me + " " + i + " " + "x".repeat(i % 150);
						locked(lock, () -> wide.put(text(text)));
					}
				}));
			}
			Future<?> socket = threads.submit(() -> {
				Random random = new Random(5);
				while (!done.get()) {
					transport.takes(random.nextInt(200));
					transport.finishWrite();
				}
			});
			Future<?> corking = threads.submit(() -> {
				while (!done.get()) {
					locked(lock, wide::cork);
					locked(lock, wide::uncork);
				}
			});
			for (Future<?> thread : sending) {
				thread.get(30, TimeUnit.SECONDS);
			}
			done.set(true);
			socket.get(60, TimeUnit.SECONDS);
			corking.get(60, TimeUnit.SECONDS);
		}
		wide.uncork();
		transport.finishWrites();
		int[] next = new int[senders];
		for (ReceivedFrame frame : transport.frames()) {
			String[] words = frame.text().split(" ", -1);
			assertThat(Integer.parseInt(words[1])).as("next of sender %s", words[0]).isEqualTo(next[Integer.parseInt(words[0])]++);
		}
		assertThat(next).containsOnly(each);
	}
}
