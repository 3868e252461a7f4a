package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hawser.api.SendResult;
import dev.hawser.connection.outbox.Outbox;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.socket.CloseStatus;

/** Compares a message sent as a string or an array with the same message sent as a frame: the results must be equal. */
class MessageSendingTests {
	private static final int OUTBOX = 100_000;
	private static final int LARGEST = 150_000;

	private final HeldThreads threads = new HeldThreads();
	private final Connections connections = TestConnections.connections(threads);

	@AfterEach
	void close() {
		connections.close();
	}

	/** A connection with a socket, and everything that can be observed about it. */
	private final class Side {
		final ScriptedTransport transport = new ScriptedTransport();
		final List<Object> seen = new ArrayList<>();
		final LiveConnection connection;
		private final BiFunction<LiveConnection, Object, SendResult> sending;

		Side(SlowConsumerPolicy policy, @Nullable PerMessageDeflate deflate, BiFunction<LiveConnection, Object, SendResult> sending) {
			this.sending = sending;
			Hub hub = new Hub(
					Hub.DEFAULT, new ConnectionSettings(DataSize.ofBytes(LARGEST), DataSize.ofBytes(OUTBOX), policy, Duration.ZERO,
							Duration.ofSeconds(20), Duration.ZERO, Duration.ofSeconds(60),
							ConnectionSettings.CallbackThreads.ADAPTIVE, new ConnectionSettings.Compression(deflate != null,
									DataSize.ofBytes(100), DataSize.ofMegabytes(1), true, true),
							TestConnections.UNLIMITED),
					List.of(new ConnectionObserver() {
						@Override
						public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
							seen.add(opcode + " " + payload);
						}

						@Override
						public void refused(WebSocketConnection connection, SendResult result) {
							seen.add(result);
						}
					}));
			connection = (LiveConnection) connections.create(new OpeningHandshake(hub, connections.nextFd(),
					StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, null, deflate, new HashMap<>()), transport,
					new RecordingHandler());
			connection.open();
			threads.run();
		}

		void send(Object message) {
			seen.add(sending.apply(connection, message));
		}

		void send(Opcode opcode, boolean fin) {
			seen.add(connection.send(new OutgoingFrame(opcode, fin, new byte[10])));
		}
	}

	private interface Step {
		void on(Side side);
	}

	private record Pair(Side asItIs, Side asFrame) {
		void both(Step step) {
			step.on(asItIs);
			step.on(asFrame);
			assertThat(asItIs.seen).isEqualTo(asFrame.seen);
			assertThat(asItIs.connection.traffic()).isEqualTo(asFrame.connection.traffic());
			assertThat(asItIs.connection.queuedBytes()).isEqualTo(asFrame.connection.queuedBytes());
			assertThat(asItIs.transport.sentBytes()).isEqualTo(asFrame.transport.sentBytes());
		}

		void end() {
			both(side -> side.connection.close(CloseStatus.NORMAL));
			both(side -> side.transport.finishWrites());
			both(side -> side.send("late"));
			both(side -> side.connection.ended(null));
			both(side -> side.send("later"));
			assertThat(asItIs.transport.frames()).usingRecursiveFieldByFieldElementComparator().isEqualTo(asFrame.transport.frames());
			assertThat(asItIs.transport.misuse).isNull();
		}
	}

	private Pair pair(SlowConsumerPolicy policy, @Nullable PerMessageDeflate deflate) {
		return new Pair(new Side(policy, deflate, MessageSendingTests::sendAsItIs),
				new Side(policy, deflate, MessageSendingTests::sendAsFrame));
	}

	private static SendResult sendAsItIs(LiveConnection connection, Object message) {
		return message instanceof String text ? connection.send(text) : connection.send((byte[]) message);
	}

	private static SendResult sendAsFrame(LiveConnection connection, Object message) {
		return connection
				.send(message instanceof String text ? OutgoingFrame.text(text) : new OutgoingFrame(Opcode.BINARY, true, (byte[]) message));
	}

	private static Object message(Random random) {
		String character = List.of("x", "\u00E9", "\u4E2D", "\uD83D\uDE00", "\uD83D").get(random.nextInt(5));
		int[] lengths = { 0, 1, 60, 125, 126, 1000, 16_000, 21_840, 21_850, 32_767, 65_520, 65_526, 65_527, 65_536, LARGEST / 3, LARGEST,
				LARGEST + 1 };
		int length = random.nextInt(3) == 0 ? lengths[random.nextInt(lengths.length)] : random.nextInt(300);
		if (random.nextInt(3) > 0) {
			return character.repeat(length);
		}
		byte[] data = new byte[length];
		random.nextBytes(data);
		return data;
	}

	@RepeatedTest(30)
	void hasTheSameEndInEverySituation(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		Pair pair = pair(random.nextInt(2) == 0 ? SlowConsumerPolicy.CLOSE : SlowConsumerPolicy.DROP,
				random.nextInt(3) == 0 ? new PerMessageDeflate(random.nextBoolean(), true) : null);
		boolean fragmented = false;
		for (int i = 0; i < 120; i++) {
			switch (random.nextInt(12)) {
				case 0 -> {
					int takes = random.nextInt(2) * random.nextInt(100_000);
					pair.both(side -> side.transport.takes(takes));
				}
				case 1 -> pair.both(side -> side.transport.takes(Integer.MAX_VALUE));
				case 2 -> pair.both(side -> side.transport.finishWrite());
				case 3 -> pair.both(side -> side.transport.finishWrites());
				case 4 -> pair.both(side -> TestConnections.part(side.connection, Outbox.class).cork());
				case 5 -> pair.both(side -> TestConnections.part(side.connection, Outbox.class).uncork());
				case 6 -> {
					Opcode opcode = fragmented ? Opcode.CONTINUATION : Opcode.TEXT;
					fragmented = !fragmented;
					boolean fin = !fragmented;
					pair.both(side -> side.send(opcode, fin));
				}
				case 7 -> pair.both(side -> side.send(Opcode.PING, true));
				default -> {
					Object message = message(random);
					pair.both(side -> side.send(message));
				}
			}
		}
		pair.end();
	}

	static Stream<Object> kinds() {
		return Stream.of("\u4E2D".repeat(40), new byte[120]);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void endsTheSameWhenTheSocketBreaks(Object message) {
		for (SlowConsumerPolicy policy : SlowConsumerPolicy.values()) {
			Pair pair = pair(policy, null);
			pair.both(side -> side.send(message));
			pair.both(side -> side.transport.breaks());
			pair.both(side -> side.send(message));
			pair.both(side -> side.send(message));
			assertThat(pair.asItIs.seen).as("%s", policy).endsWith(SendResult.NOT_FOUND, SendResult.NOT_FOUND);
		}
	}

	/** The number is exact: it counts only this thread, and sending makes no objects, whether the code is compiled or not. */
	@ParameterizedTest
	@MethodSource("kinds")
	void allocatesNothingForAReply(Object reply) {
		ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		LiveConnection connection = TestConnections.open(connections, null);
		TestConnections.part(connection, Outbox.class).cork();
		connection.send("the first borrows a buffer");
		long before = memory.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < 400; i++) {
			sendAsItIs(connection, reply);
		}
		assertThat((memory.getCurrentThreadAllocatedBytes() - before) / 400).as("bytes for each reply").isLessThan(8);
	}

	private static long allocated(Runnable work) {
		ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = memory.getCurrentThreadAllocatedBytes();
		work.run();
		return memory.getCurrentThreadAllocatedBytes() - before;
	}

	/** An array for the text alone would exceed the limit. */
	@Test
	void encodesNothingForAConnectionThatIsOver() {
		String text = "x".repeat(20_000);
		LiveConnection connection = TestConnections.open(connections, null);
		connection.hangUp();
		long least = Long.MAX_VALUE; // the first measurement loads classes
		for (int i = 0; i < 5; i++) {
			least = Math.min(least, allocated(() -> connection.send(text)));
		}
		assertThat(least).as("bytes").isLessThan(20_000);
	}

	@Test
	void encodesNothingForASocketThatHasJustBroken() {
		String text = "x".repeat(20_000);
		long least = Long.MAX_VALUE; // the first measurement loads classes
		for (int i = 0; i < 5; i++) {
			Side side = new Side(SlowConsumerPolicy.CLOSE, null, MessageSendingTests::sendAsItIs);
			side.transport.breaks();
			least = Math.min(least, allocated(() -> side.send(text)));
			assertThat(side.seen).last().isEqualTo(SendResult.NOT_FOUND);
		}
		assertThat(least).as("bytes").isLessThan(20_000);
	}
}
