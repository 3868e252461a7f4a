package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** The order of a connection's events, tested without a socket. */
class WebSocketConnectionTests {
	private static final HandlerTraits NON_BLOCKING = new HandlerTraits(Set.of(), EnumSet.of(CallbackKind.OPEN, CallbackKind.MESSAGE),
			false);

	private final HeldThreads threads = new HeldThreads();
	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingHandler handler = new RecordingHandler();
	private Runnable whenOpened = () -> {
	};
	private final Hub hub = TestConnections.hub(new ConnectionObserver() {
		@Override
		public void opened(WebSocketConnection connection) {
			whenOpened.run();
		}
	});
	private final Connections connections = TestConnections.connections(threads);

	@AfterEach
	void close() {
		connections.close();
		assertThat(transport.misuse).isNull();
		assertThat(handler.mostActive.get()).as("callbacks at a time").isLessThanOrEqualTo(1);
	}

	private LiveConnection created() {
		return TestConnections.create(hub, connections, transport, handler, null);
	}

	private LiveConnection opened() {
		LiveConnection connection = created();
		connection.open();
		threads.run();
		return connection;
	}

	private static ByteBuffer wire(RawFrame... frames) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			out.writeBytes(frame.bytes());
		}
		return ByteBuffer.wrap(out.toByteArray());
	}

	private List<Integer> opcodes() {
		return transport.frames().stream().map(ReceivedFrame::opcode).toList();
	}

	@Test
	void opensBeforeMessagesThatCameWithTheHandshake() {
		LiveConnection connection = created();
		connection.open();
		assertThat(connection.received(wire(RawFrame.text("a"), RawFrame.text("b")))).isFalse();
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "b");
		assertThat(transport.resumes).isEqualTo(1);
	}

	@Test
	void opensFirstEvenIfItIsEndedAsSoonAsItIsListed() {
		whenOpened = () -> Objects.requireNonNull(connections.find(1)).hangUp();
		created().open();
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1006 SERVER");
		assertThat(connections.size()).isZero();
	}

	@Test
	void opensFirstEvenIfTheSocketEndsBefore() {
		LiveConnection connection = created();
		connection.ended(null);
		connection.open();
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1006 CLIENT");
		assertThat(connections.size()).isZero();
	}

	@Test
	void readsNothingUntilTheCallbacksOfABatchHaveRun() {
		LiveConnection connection = opened();
		handler.onMessage((_, _) -> assertThat(transport.resumes).as("resumed during a callback").isZero());
		assertThat(connection.received(wire(RawFrame.text("a"), RawFrame.text("b"), RawFrame.text("c")))).isFalse();
		assertThat(transport.resumes).isZero();
		threads.run();
		assertThat(transport.resumes).isEqualTo(1);
		assertThat(handler.events).containsExactly("open", "a", "b", "c");
	}

	@Test
	void keepsReadingWhenABatchMakesNoEvents() {
		LiveConnection connection = opened();
		assertThat(connection.received(wire(RawFrame.ping((byte) 1), RawFrame.pong()))).isTrue();
		assertThat(connection.received(wire(RawFrame.text("half").unfinished()))).isTrue();
		assertThat(opcodes()).containsExactly(10);
	}

	@Test
	void runsNonBlockingCallbacksOnTheReadingThread() {
		handler.traits(NON_BLOCKING).onMessage((connection, text) -> connection.send(OutgoingFrame.text(text)));
		LiveConnection connection = opened();
		assertThat(connection.received(wire(RawFrame.text("a"), RawFrame.ping(), RawFrame.text("b")))).isTrue();
		assertThat(threads.size()).isZero();
		assertThat(handler.events).containsExactly("open", "a", "b");
		assertThat(transport.flushes).as("one gathered write").isEqualTo(1);
		assertThat(opcodes()).containsExactly(1, 10, 1);
	}

	@Test
	void gathersTheRepliesOfABatch() {
		handler.onMessage((connection, text) -> connection.send(OutgoingFrame.text(text)));
		LiveConnection connection = opened();
		connections.close(); // at each of its ticks the wheel sends what has gathered so far
		connection.received(wire(RawFrame.text("a"), RawFrame.text("b"), RawFrame.text("c")));
		threads.run();
		assertThat(transport.flushes).isEqualTo(1);
		assertThat(transport.texts()).containsExactly("a", "b", "c");
	}

	@Test
	void resumesForEachBatchAlsoWhenTheNextIsReadAtOnce() {
		LiveConnection connection = opened();
		List<String> left = new ArrayList<>(List.of("b", "c", "d"));
		transport.onResume(() -> {
			if (!left.isEmpty()) {
				connection.received(wire(RawFrame.text(left.removeFirst())));
			}
		});
		connection.received(wire(RawFrame.text("a")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "b", "c", "d");
		assertThat(transport.resumes).isEqualTo(4);
	}

	@Test
	@SuppressWarnings("ThreadPriorityCheck") // yields so that a read could overtake the callback
	void neverReadsWhileACallbackRuns() throws Exception {
		AtomicInteger early = new AtomicInteger();
		try (Connections real = TestConnections.connections(Thread::startVirtualThread)) {
			for (int round = 0; round < 1000; round++) {
				CountDownLatch resumed = new CountDownLatch(1);
				RecordingHandler racing = new RecordingHandler();
				ScriptedTransport socket = new ScriptedTransport();
				socket.onResume(() -> {
					early.addAndGet(racing.active.get());
					resumed.countDown();
				});
				LiveConnection connection = TestConnections.create(real, socket, racing, null);
				racing.onMessage((_, _) -> Thread.yield());
				connection.open();
				for (int spin = round % 50; spin > 0; spin--) {
					Thread.onSpinWait();
				}
				connection.received(wire(RawFrame.text("a"), RawFrame.text("b")));
				assertThat(resumed.await(60, TimeUnit.SECONDS)).as("resumed at all").isTrue();
				early.addAndGet(2 - (racing.events.size() - 1));
				connection.ended(null);
				assertThat(racing.awaitClosed()).isTrue();
			}
		}
		assertThat(early.get()).as("callbacks that were not over when reading continued").isZero();
	}

	@Test
	void closesOnceWhenManyEndItAtOnce() throws Exception {
		try (Connections real = TestConnections.connections(Thread::startVirtualThread);
				ExecutorService pool = Executors.newFixedThreadPool(4)) {
			for (int round = 0; round < 500; round++) {
				RecordingHandler racing = new RecordingHandler();
				ScriptedTransport socket = new ScriptedTransport();
				LiveConnection connection = TestConnections.create(real, socket, racing, null);
				CountDownLatch go = new CountDownLatch(1);
				List<Runnable> ends = List.of(connection::open, () -> connection.startClosing(CloseStatus.NORMAL), connection::hangUp,
						() -> connection.received(wire(RawFrame.text("a"), RawFrame.close(4000, ""))));
				List<Future<?>> race = new ArrayList<>();
				for (Runnable end : ends) {
					race.add(pool.submit(() -> {
						go.await();
						end.run();
						return null;
					}));
				}
				go.countDown();
				for (Future<?> thread : race) {
					thread.get(60, TimeUnit.SECONDS);
				}
				connection.ended(null);
				assertThat(racing.awaitClosed()).isTrue();
				assertThat(racing.events.getFirst()).isEqualTo("open");
				assertThat(racing.events.stream().filter(event -> event.startsWith("close"))).hasSize(1);
				assertThat(racing.events.getLast()).startsWith("close");
				assertThat(racing.mostActive.get()).isEqualTo(1);
			}
			assertThat(real.closeAll(CloseStatus.NORMAL, Duration.ofSeconds(60))).isZero();
		}
	}

	@Test
	void sendsNoFrameBehindTheCloseFrame() throws Exception {
		try (Connections real = TestConnections.connections(Thread::startVirtualThread);
				ExecutorService pool = Executors.newFixedThreadPool(3)) {
			for (int round = 0; round < 1000; round++) {
				ScriptedTransport socket = new ScriptedTransport();
				LiveConnection connection = TestConnections.create(real, socket, new RecordingHandler(), null);
				connection.open();
				CountDownLatch go = new CountDownLatch(2);
				List<Future<?>> sending = new ArrayList<>();
				for (int sender = 0; sender < 2; sender++) {
					sending.add(pool.submit(() -> {
						go.countDown();
						for (int i = 0; i < 10_000 && connection.send(OutgoingFrame.text("x")).accepted(); i++) {
							// until it is closed
						}
					}));
				}
				go.await();
				connection.close(CloseStatus.NORMAL);
				for (Future<?> thread : sending) {
					thread.get(60, TimeUnit.SECONDS);
				}
				List<ReceivedFrame> frames = socket.frames();
				assertThat(frames.stream().filter(ReceivedFrame::isClose)).hasSize(1);
				assertThat(frames.getLast().isClose()).as("the close frame is the last of %d", frames.size()).isTrue();
				connection.ended(null);
			}
		}
	}

	@Test
	void echoesThePeersCloseAndHangsUp() {
		LiveConnection connection = opened();
		connection.received(wire(RawFrame.close(4001, "bye"), RawFrame.text("late")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 4001 CLIENT");
		assertThat(transport.frames().getFirst().closeCode()).isEqualTo(4001);
		assertThat(transport.frames().getFirst().closeReason()).isEqualTo("bye");
		assertThat(transport.outputShutDown).isTrue();
		assertThat(transport.closed).as("closed before the peer has hung up").isFalse();
		connection.ended(null);
		assertThat(transport.closed).isTrue();
		assertThat(handler.events).hasSize(2);
	}

	@Test
	void waitsForThePeersAnswerToItsOwnClose() {
		LiveConnection connection = opened();
		assertThat(connection.startClosing(new CloseStatus(1000))).isEqualTo(SendResult.SENT);
		assertThat(connection.startClosing(new CloseStatus(1001))).isEqualTo(SendResult.NOT_ESTABLISHED);
		assertThat(connection.send(OutgoingFrame.text("late"))).isEqualTo(SendResult.NOT_ESTABLISHED);
		connection.received(wire(RawFrame.text("ignored"), RawFrame.ping()));
		threads.run();
		assertThat(handler.events).containsExactly("open");
		assertThat(transport.outputShutDown).isFalse();
		connection.received(wire(RawFrame.close(1000, "")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1000 SERVER");
		assertThat(transport.outputShutDown).isTrue();
		assertThat(opcodes()).containsExactly(8);
		assertThat(connection.startClosing(new CloseStatus(1001))).isEqualTo(SendResult.NOT_FOUND);
		assertThat(connection.send(OutgoingFrame.text("late"))).isEqualTo(SendResult.NOT_FOUND);
	}

	@Test
	void hangsUpOnlyWhenTheCloseFrameIsWritten() {
		LiveConnection connection = opened();
		transport.takes(0);
		connection.send(OutgoingFrame.text("queued"));
		connection.received(wire(RawFrame.close(1000, "")));
		threads.run();
		assertThat(transport.outputShutDown).isFalse();
		transport.finishWrites();
		assertThat(opcodes()).containsExactly(1, 8);
		assertThat(transport.outputShutDown).isTrue();
	}

	@Test
	void dropsAPeerThatDoesNotAnswerInTime() throws Exception {
		Hub quick = new Hub("quick", TestConnections.settings(SlowConsumerPolicy.CLOSE, Duration.ofMillis(50)), List.of());
		try (Connections real = TestConnections.connections(Thread::startVirtualThread)) {
			LiveConnection connection = TestConnections.create(quick, real, transport, handler, null);
			connection.open();
			connection.close(new CloseStatus(1000));
			assertThat(handler.awaitClosed()).isTrue();
			assertThat(handler.events).containsExactly("open", "close 1000 SERVER");
			assertThat(transport.closed).isTrue();
		}
	}

	@Test
	void failsWithWhatTheViolationSaysBehindWhatCameBefore() {
		handler.onMessage((connection, text) -> connection.send(OutgoingFrame.text(text)));
		LiveConnection connection = opened();
		connection.received(wire(RawFrame.text("good"), RawFrame.opcode(3)));
		threads.run();
		assertThat(handler.events).containsExactly("open", "good", "close 1002 SERVER");
		assertThat(opcodes()).containsExactly(1, 8);
		assertThat(transport.outputShutDown).isTrue();
	}

	@Test
	void closesWith1011WhenACallbackThrowsAndDeliversNothingMore() {
		handler.onMessage((_, _) -> {
			throw new IllegalStateException("expected by this test");
		});
		LiveConnection connection = opened();
		connection.received(wire(RawFrame.text("a"), RawFrame.text("b")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "close 1011 SERVER");
		assertThat(transport.frames().getLast().closeCode()).isEqualTo(1011);
	}

	@Test
	void endsInOrderWhenOnCloseThrows() {
		handler.onClose((_, _) -> {
			throw new IllegalStateException("expected by this test");
		});
		opened().hangUp();
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1006 SERVER");
		assertThat(connections.size()).isZero();
	}

	@Test
	void runsDeferredTasksBeforeTheNextCallback() {
		handler.onMessage((_, text) -> WebSocketConnection.defer(() -> handler.events.add("after " + text)));
		LiveConnection connection = opened();
		connection.received(wire(RawFrame.text("a"), RawFrame.text("b")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "after a", "b", "after b");
		assertThat(WebSocketConnection.defer(() -> handler.events.add("never"))).as("outside of a callback").isFalse();
	}

	@Test
	void runsDeferredTasksInTheirPlaceAlsoWhenTheCallbackOrOneOfThemThrows() {
		handler.onMessage((_, _) -> {
			WebSocketConnection.defer(() -> {
				throw new IllegalStateException("expected by this test");
			});
			WebSocketConnection.defer(() -> handler.events.add("deferred"));
			throw new IllegalStateException("expected by this test");
		});
		LiveConnection connection = opened();
		connection.received(wire(RawFrame.text("a")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "deferred", "close 1011 SERVER");
	}

	@Test
	void closesWhenTheSocketBreaksUnderAReply() {
		handler.onMessage((connection, text) -> connection.send(OutgoingFrame.text(text)));
		LiveConnection connection = opened();
		transport.breaks();
		connection.received(wire(RawFrame.text("a")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "close 1006 CLIENT");
		assertThat(connections.size()).isZero();
	}

	@Test
	void closesWhenTheSocketBreaksUnderGatheredReplies() {
		handler.onMessage((connection, text) -> connection.send(OutgoingFrame.text(text)));
		LiveConnection connection = opened();
		connections.close(); // at each of its ticks the wheel sends what has gathered so far
		transport.breaks();
		connection.received(wire(RawFrame.text("a"), RawFrame.text("b")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "b", "close 1006 CLIENT");
		assertThat(connections.size()).isZero();
	}

	@Test
	void closesWhenTheSocketBreaksUnderGatheredRepliesOfNonBlockingCallbacks() {
		handler.traits(NON_BLOCKING).onMessage((connection, text) -> connection.send(OutgoingFrame.text(text)));
		LiveConnection connection = opened();
		transport.breaks();
		connection.received(wire(RawFrame.text("a"), RawFrame.text("b")));
		threads.run();
		assertThat(handler.events).containsExactly("open", "a", "b", "close 1006 CLIENT");
	}

	@Test
	void readsOnAtOnceWhenItIsOver() {
		LiveConnection connection = opened();
		assertThat(connection.received(wire(RawFrame.text("a")))).isFalse();
		connection.hangUp();
		assertThat(transport.resumes).as("while the callback has not even begun").isEqualTo(1);
		ByteBuffer late = wire(RawFrame.text("late"), RawFrame.opcode(3));
		assertThat(connection.received(late)).isTrue();
		assertThat(late.hasRemaining()).isFalse();
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1006 SERVER");
		assertThat(transport.resumes).isEqualTo(1);
	}

	@Test
	void closesASlowConsumerWith1013BehindWhatWaits() {
		LiveConnection connection = opened();
		transport.takes(0);
		List<SendResult> results = new ArrayList<>();
		while (results.isEmpty() || results.getLast().accepted()) {
			results.add(connection.send(OutgoingFrame.text("x".repeat(96))));
		}
		assertThat(results).hasSize(11).last().isEqualTo(new SendResult.Overflowed(TestConnections.OUTBOX));
		assertThat(connection.send(OutgoingFrame.text("x"))).isEqualTo(SendResult.NOT_FOUND);
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1013 SERVER");
		transport.finishWrites();
		assertThat(transport.frames()).hasSize(11).last().matches(frame -> frame.closeCode() == 1013);
		assertThat(transport.outputShutDown).isTrue();
	}

	@Test
	void dropsForASlowConsumerWhereThatIsThePolicy() {
		Hub dropping = new Hub("dropping", TestConnections.settings(SlowConsumerPolicy.DROP, Duration.ofSeconds(60)),
				List.of());
		try (Connections others = TestConnections.connections(threads)) {
			LiveConnection connection = TestConnections.create(dropping, others, transport, handler, null);
			connection.open();
			threads.run();
			transport.takes(0);
			for (int i = 0; i < 10; i++) {
				assertThat(connection.send(OutgoingFrame.text("x".repeat(96))).accepted()).isTrue();
			}
			assertThat(connection.send(OutgoingFrame.text("d".repeat(96)))).isInstanceOf(SendResult.Overflowed.class);
			transport.finishWrites();
			assertThat(connection.isOpen()).isTrue();
			transport.takes(1000);
			assertThat(connection.send(OutgoingFrame.text("next"))).isEqualTo(SendResult.SENT);
			assertThat(transport.texts()).hasSize(11).last().isEqualTo("next");
		}
	}

	@Test
	void resetsWithoutAnotherByte() {
		LiveConnection connection = opened();
		transport.takes(0);
		connection.send(OutgoingFrame.text("lost"));
		assertThat(connection.reset()).isTrue();
		assertThat(connection.reset()).isFalse();
		assertThat(transport.reset).isTrue();
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1006 SERVER");
	}

	@Test
	void hangsUpBehindWhatWaits() {
		LiveConnection connection = opened();
		transport.takes(0);
		connection.send(OutgoingFrame.text("kept"));
		assertThat(connection.hangUp()).isTrue();
		assertThat(connection.hangUp()).isFalse();
		assertThat(transport.outputShutDown).isFalse();
		transport.finishWrites();
		assertThat(transport.texts()).containsExactly("kept");
		assertThat(transport.outputShutDown).isTrue();
	}

	@Test
	void refusesCloseFramesAndStatusesThatMayNotBeSent() {
		LiveConnection connection = opened();
		assertThatIllegalArgumentException().isThrownBy(() -> connection.send(OutgoingFrame.close(CloseStatus.NORMAL)));
		for (int code : new int[] { 1004, 1005, 1006, 1015, 2999 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> connection.close(new CloseStatus(code)));
		}
		connection.close(new CloseStatus(1000, "\u20ac".repeat(41))); // 123 bytes
		assertThatIllegalArgumentException().isThrownBy(() -> connection.close(new CloseStatus(1000, "\u20ac".repeat(41) + "x")));
		assertThat(opcodes()).containsExactly(8);
	}

	@Test
	void countsWhatWentEachWay() {
		LiveConnection connection = opened();
		ByteBuffer in = wire(RawFrame.text("\u20ac").unfinished(), RawFrame.ping((byte) 1), RawFrame.continuation("b"), RawFrame.binary());
		int bytesIn = in.remaining();
		connection.received(in);
		connection.send(OutgoingFrame.text("out"));
		connection.send(new OutgoingFrame(Opcode.PING, true, new byte[3]));
		threads.run();
		ConnectionSnapshot snapshot = connection.snapshot();
		assertThat(snapshot.traffic()).isEqualTo(new ConnectionSnapshot.Traffic(2, bytesIn, 1, transport.sentBytes()));
		assertThat(snapshot.queuedBytes()).isZero();
		assertThat(snapshot.connectionId()).isEqualTo("test-1");
	}

	@Test
	void countsReceivedTextInBytes() {
		AtomicInteger payload = new AtomicInteger();
		Hub counting = TestConnections.hub(new ConnectionObserver() {
			@Override
			public void received(WebSocketConnection connection, Opcode opcode, int size) {
				payload.addAndGet(size);
			}
		});
		try (Connections others = TestConnections.connections(threads)) {
			LiveConnection connection = TestConnections.create(counting, others, transport, handler, null);
			connection.open();
			connection.received(wire(RawFrame.text("\u20ac\u20ac")));
			threads.run();
		}
		assertThat(payload.get()).isEqualTo(6);
	}
}
