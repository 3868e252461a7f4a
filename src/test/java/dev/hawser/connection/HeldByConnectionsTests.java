package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import dev.hawser.testing.RawFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.Deflater;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.socket.CloseStatus;

/** What connections are charged for, and that all of it is released whatever happens. */
class HeldByConnectionsTests {
	private static final int MB = 1024 * 1024;
	private static final int DEFLATER = 256 * 1024;
	private static final int INFLATER = 44 * 1024;
	private static final PerMessageDeflate BOTH_TAKE_OVER = new PerMessageDeflate(true, true);

	private final HeldThreads threads = new HeldThreads();
	private final Connections connections = TestConnections.connections(threads);
	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingHandler handler = new RecordingHandler();
	private MemoryBudget memory = MemoryBudget.unlimited();

	@AfterEach
	void close() {
		memory.close();
		connections.close();
		assertThat(transport.misuse).isNull();
	}

	private static ConnectionSettings settings() {
		return new ConnectionSettings(DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), SlowConsumerPolicy.DROP, Duration.ZERO,
				Duration.ofSeconds(20), Duration.ZERO, Duration.ofMinutes(10),
				ConnectionSettings.CallbackThreads.ADAPTIVE,
				new ConnectionSettings.Compression(true, DataSize.ofBytes(100), DataSize.ofMegabytes(1), true, true),
				TestConnections.UNLIMITED);
	}

	private LiveConnection open(ScriptedTransport on, RecordingHandler with, @Nullable PerMessageDeflate deflate) {
		Hub hub = new Hub(Hub.DEFAULT, settings(), List.of(), List.of(), memory);
		LiveConnection connection = (LiveConnection) connections.create(new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, null, deflate, new HashMap<>()), on, with);
		connection.open();
		threads.run();
		return connection;
	}

	private LiveConnection open() {
		return open(transport, handler, null);
	}

	private static ByteBuffer unfinished(int bytes) {
		return ByteBuffer.wrap(RawFrame.opcode(2).unfinished().payload(new byte[bytes]).bytes());
	}

	private static RawFrame compressed(byte[] content) {
		Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
		deflater.setInput(content);
		byte[] out = new byte[content.length + 100];
		int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
		deflater.end();
		return RawFrame.opcode(2).rsv(4).payload(Arrays.copyOf(out, length - 4));
	}

	@Test
	void chargesNothingForWhatIsReadAndAnsweredAtOnce() {
		handler.traits(new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false))
				.onMessage((connection, text) -> connection.send(text));
		LiveConnection connection = open();
		connection.received(ByteBuffer.wrap(RawFrame.text("hello").bytes()));
		assertThat(transport.texts()).containsExactly("hello");
		assertThat(memory.held()).isZero();
	}

	@Test
	void chargesAnUnfinishedMessageUntilItIsFinished() {
		LiveConnection connection = open();
		connection.received(unfinished(60_000));
		assertThat(memory.held()).isBetween(60_000L, 60_000L + 8 * 1024);
		connection.received(ByteBuffer.wrap(RawFrame.opcode(0).payload(new byte[10]).bytes()));
		threads.run();
		assertThat(memory.held()).isZero();
	}

	@Test
	void releasesAnUnfinishedMessageAsSoonAsTheConnectionHasEnded() {
		LiveConnection connection = open();
		connection.received(unfinished(60_000));
		connection.hangUp();
		assertThat(memory.held()).isZero();
		assertThat(TestConnections.part(connection, Inbound.class).reader().held()).as("the memory itself").isZero();
	}

	@Test
	void chargesMessagesThatWaitForACallback() {
		LiveConnection connection = open();
		connection.received(ByteBuffer.wrap(RawFrame.binary(new byte[50_000]).bytes()));
		assertThat(memory.held()).isBetween(50_000L, 51_000L);
		threads.run();
		assertThat(memory.held()).isZero();
	}

	/** One read can bring ten thousand messages without a byte of payload. */
	@Test
	void chargesEmptyMessagesForTheMemoryThatTheyTake() {
		LiveConnection connection = open();
		byte[] one = RawFrame.binary().bytes();
		ByteBuffer many = ByteBuffer.allocate(one.length * 1000);
		while (many.hasRemaining()) {
			many.put(one);
		}
		connection.received(many.flip());
		assertThat(memory.held()).isBetween(100_000L, 200_000L);
		threads.run();
		assertThat(memory.held()).isZero();
	}

	@Test
	void chargesWhatACompressedMessageHasBecome() {
		LiveConnection connection = open(transport, handler, BOTH_TAKE_OVER);
		byte[] wire = compressed(new byte[500_000]).unfinished().bytes();
		connection.received(ByteBuffer.wrap(wire));
		assertThat(memory.held()).isBetween(500_000L + INFLATER, 600_000L + INFLATER);
		connection.ended(null);
		threads.run();
		assertThat(memory.held()).isZero();
	}

	@Test
	void chargesWhatWaitsForTheSocket() {
		transport.takes(1000);
		LiveConnection connection = open();
		connection.send(new byte[100_000]);
		assertThat(memory.held()).isBetween(99_000L, 100_010L);
		connection.send(new byte[50_000]);
		assertThat(memory.held()).isBetween(149_000L, 151_000L);
		transport.finishWrite();
		assertThat(memory.held()).isBetween(50_000L, 51_000L);
		transport.finishWrite();
		assertThat(memory.held()).isZero();
	}

	@Test
	void chargesABroadcastThatWaitsForManySocketsOnce() {
		OutgoingFrame frame = OutgoingFrame.forMany(Opcode.BINARY, new byte[100_000]);
		ScriptedTransport second = new ScriptedTransport().takes(10);
		transport.takes(10);
		open().send(frame);
		open(second, new RecordingHandler(), null).send(frame);
		assertThat(memory.held()).isEqualTo(frame.size());
		transport.finishWrites();
		assertThat(memory.held()).isEqualTo(frame.size());
		second.finishWrites();
		assertThat(memory.held()).isZero();
	}

	@Test
	void chargesTheDeflaterOfAConnectionThatKeepsItsWindow() {
		LiveConnection connection = open(transport, handler, BOTH_TAKE_OVER);
		connection.send("x".repeat(1000));
		assertThat(memory.held()).isEqualTo(DEFLATER);
		connection.hangUp();
		connection.ended(null);
		assertThat(memory.held()).isZero();
	}

	@Test
	void makesNoDeflaterWhileMemoryIsTight() {
		memory = new MemoryBudget(1000);
		memory.open(() -> {
		}).add(900);
		LiveConnection connection = open(transport, handler, BOTH_TAKE_OVER);
		connection.send("x".repeat(1000));
		assertThat(transport.texts()).containsExactly("x".repeat(1000));
		assertThat(memory.held()).isEqualTo(900);
	}

	@Test
	void readsLongMessagesMoreSlowlyWhileMemoryIsTight() {
		memory = new MemoryBudget(MB);
		memory.open(() -> {
		}).add(900_000);
		LiveConnection connection = open();
		assertThat(connection.received(unfinished(60_000))).as("a short one").isTrue();
		assertThat(connection.received(ByteBuffer.wrap(RawFrame.opcode(0).unfinished().payload(new byte[100_000]).bytes())))
				.as("a long one").isFalse();
		Awaitility.await().until(() -> transport.resumes == 1);
	}

	@Test
	void endsTheConnectionWithTheLongestMessage() {
		memory = new MemoryBudget(MB).start();
		LiveConnection small = open();
		ScriptedTransport bigTransport = new ScriptedTransport();
		RecordingHandler bigHandler = new RecordingHandler();
		LiveConnection big = open(bigTransport, bigHandler, null);
		small.received(unfinished(400_000));
		big.received(unfinished(900_000));
		Awaitility.await().until(big::isClosed);
		assertThat(bigTransport.frames().getLast().closeCode()).isEqualTo(1009);
		assertThat(small.isOpen()).isTrue();
		threads.run();
		assertThat(bigHandler.events.getLast()).isEqualTo("close 1009 SERVER");
		Awaitility.await().until(() -> memory.held() < 500_000);
	}

	@Test
	void resetsAConnectionWhoseClientDoesNotRead() {
		memory = new MemoryBudget(MB).start();
		transport.takes(10);
		LiveConnection connection = open();
		connection.send(new byte[MB]);
		connection.send(new byte[MB / 2]);
		connection.received(unfinished(100_000));
		Awaitility.await().until(() -> transport.reset);
		threads.run();
		assertThat(handler.events.getLast()).isEqualTo("close 1013 SERVER");
		Awaitility.await().until(() -> memory.held() == 0);
	}

	/** One client, its socket, and whether that is read now. */
	private final class Client {
		private final ScriptedTransport socket = new ScriptedTransport().onResume(() -> this.reading = true);
		private final LiveConnection connection;
		private boolean reading = true;

		Client(Random random) {
			socket.takes(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(5000));
			RecordingHandler called = new RecordingHandler();
			if (random.nextBoolean()) {
				called.traits(new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false));
			}
			called.onMessage((answered, _) -> answered.send(new byte[random.nextInt(20_000)]));
			connection = open(socket, called, random.nextBoolean() ? null
					: new PerMessageDeflate(random.nextBoolean(), random.nextBoolean()));
		}

		void sends(byte[] wire) {
			if (reading) {
				reading = false;
				reading |= connection.received(ByteBuffer.wrap(wire));
			}
		}

		void endsSomehow(int how) {
			switch (how) {
				case 0 -> connection.close(CloseStatus.NORMAL);
				case 1 -> connection.hangUp();
				case 2 -> connection.reset();
				case 3 -> connection.ended(null);
				case 4 -> connection.letGo();
				case 5 -> TestConnections.part(connection, Closing.class).fail(CloseStatus.SERVER_ERROR);
				case 6 -> sends(RawFrame.close(1000, "").bytes());
				default -> {
				}
			}
		}
	}

	/** Whatever clients, callbacks and sockets do, in any order: in the end nothing is held. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void endsAtExactlyNothing(int seed) {
		Random random = new Random(seed);
		List<Client> all = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			all.add(new Client(random));
		}
		OutgoingFrame shared = OutgoingFrame.forMany(Opcode.BINARY, new byte[30_000]);
		for (int round = 0; round < 2000; round++) {
			Client client = all.get(random.nextInt(all.size()));
			switch (random.nextInt(14)) {
				case 0 -> client.sends(RawFrame.opcode(2).unfinished().payload(new byte[random.nextInt(60_000)]).bytes());
				case 1 -> client.sends(RawFrame.opcode(0).payload(new byte[random.nextInt(200)]).bytes());
				case 2 -> client.sends(RawFrame.binary(new byte[random.nextInt(60_000)]).bytes());
				case 3 -> client.sends(compressed(new byte[random.nextInt(60_000)]).bytes());
				case 4 -> client.sends(new byte[] { (byte) 0x82 });
				case 5, 6 -> client.connection.send(new byte[random.nextInt(200_000)]);
				case 7 -> client.connection.send(shared);
				case 8 -> client.connection.send(new OutgoingFrame(Opcode.BINARY, true, new byte[5000]).until(System.nanoTime()));
				case 9, 10 -> client.socket.finishWrite();
				case 11 -> threads.run();
				case 12 -> client.endsSomehow(random.nextInt(40));
				default -> shared = OutgoingFrame.forMany(Opcode.BINARY, new byte[random.nextInt(60_000)]);
			}
		}
		assertThat(memory.held()).isPositive();
		all.forEach(client -> client.endsSomehow(random.nextInt(7)));
		threads.run();
		all.forEach(client -> client.connection.ended(null));
		threads.run();
		assertThat(memory.held()).isZero();
	}
}
