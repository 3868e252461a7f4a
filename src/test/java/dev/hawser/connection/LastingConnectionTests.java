package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.SendResult;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** Connections that outlive their sockets, on scripted sockets. */
class LastingConnectionTests {
	private static final int MESSAGES = 10;
	private static final long BYTES = 400;

	private final HeldThreads threads = new HeldThreads();
	private final Connections connections = TestConnections.connections(threads);
	private final MemoryBudget memory = MemoryBudget.unlimited();
	private final List<String> observed = new CopyOnWriteArrayList<>();
	private final RecordingHandler handler = new RecordingHandler();
	private final ScriptedTransport first = new ScriptedTransport();
	private final ScriptedTransport second = new ScriptedTransport();
	private @Nullable Continuity given;
	private Duration window = Duration.ofHours(1);
	private final Hub hub = new Hub(Hub.DEFAULT, TestConnections.settings(SlowConsumerPolicy.CLOSE, Duration.ofSeconds(60)),
			List.of(new ConnectionObserver() {
				@Override
				public void lost(WebSocketConnection connection) {
					observed.add("lost");
				}

				@Override
				public void cameBack(Comeback.Outcome outcome) {
					observed.add(outcome.name());
				}

				@Override
				public void dropped(WebSocketConnection connection, int messages) {
					observed.add("dropped " + messages);
				}
			}), List.of(new Numbered()), memory);

	/** Sends "5 text" for the fifth message, and takes the highest number that the client has got. */
	private final class Numbered implements Subprotocol {
		@Override
		public String name() {
			return "numbered";
		}

		@Override
		public void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
			String text = ((TextMessage) message).getPayload();
			if (text.startsWith("got ")) {
				connection.confirm(Long.parseLong(text.substring(4)));
			}
			else {
				application.message(message);
			}
		}

		@Override
		public SendResult send(WebSocketConnection connection, OutgoingFrame wrapped) {
			return connection.sendNumbered(wrapped);
		}

		@Override
		public Continuity continuity(String hub) {
			return given != null ? given : new Continuity(window, MESSAGES, BYTES, (message, number) -> OutgoingFrame
					.text(number + " " + new String(message.payload(), StandardCharsets.UTF_8)));
		}
	}

	@AfterEach
	void close() {
		connections.all().forEach(WebSocketConnection::hangUp);
		threads.run();
		assertThat(memory.held()).as("all memory is released").isZero();
		connections.close();
		assertThat(first.misuse).isNull();
		assertThat(second.misuse).isNull();
	}

	private LastingConnection open(Continuity continuity) {
		given = continuity;
		return open();
	}

	private LastingConnection open() {
		LastingConnection connection = (LastingConnection) connections.create(new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), () -> "ann", Ticket.NONE, "numbered", null, new HashMap<>()),
				first, handler);
		first.receiver().open();
		threads.run();
		return connection;
	}

	private ScriptedTransport comeBack(@Nullable String id, ScriptedTransport socket) {
		socket.carry(returning(hub, id, socket));
		socket.receiver().open();
		return socket;
	}

	private Comeback returning(Hub to, @Nullable String id, ScriptedTransport socket) {
		return new Comeback(connections,
				new OpeningHandshake(to, connections.nextFd(), StoredRequest.of("ws://localhost/ws", new HttpHeaders()),
						null, Ticket.NONE, "numbered", null, new HashMap<>()).of(id),
				socket, handler);
	}

	private static void receive(ScriptedTransport socket, String text) {
		socket.receiver().received(ByteBuffer.wrap(RawFrame.text(text).bytes()));
	}

	@Test
	void staysAsItIsWhileTheClientIsAway() {
		LastingConnection connection = open();
		connections.join(connection.fd(), "room");
		connection.getAttributes().put("a", "kept");
		connection.addRole("role");
		first.receiver().ended(null);
		threads.run();
		assertThat(connection.isOpen()).isTrue();
		assertThat(connections.find(connection.fd())).isSameAs(connection);
		assertThat(connections.ofUser("ann")).containsExactly(connection);
		assertThat(connections.ofGroup(Hub.DEFAULT, "room")).containsExactly(connection);
		assertThat(hub.size()).isEqualTo(1);
		assertThat(connection.send("one")).isInstanceOf(SendResult.Queued.class);
		comeBack(connection.getId(), second);
		receive(second, "hello");
		threads.run();
		assertThat(second.texts()).containsExactly("1 one");
		assertThat(connection.getAttributes()).containsEntry("a", "kept");
		assertThat(connection.roles()).containsExactly("role");
		assertThat(handler.events).as("no callback runs for the absence").containsExactly("open", "hello");
		assertThat(observed).containsExactly("lost", "RECOVERED");
	}

	@Test
	void sendsAgainWhatIsNotConfirmed() {
		LastingConnection connection = open();
		for (String text : List.of("a", "b", "c", "d")) {
			connection.send(text);
		}
		receive(first, "got 2");
		threads.run();
		first.receiver().ended(null);
		connection.send("e");
		comeBack(connection.getId(), second);
		connection.send("f");
		assertThat(first.texts()).containsExactly("1 a", "2 b", "3 c", "4 d");
		assertThat(second.texts()).containsExactly("3 c", "4 d", "5 e", "6 f");
		receive(second, "got 99");
		threads.run();
		assertThat(connection.unconfirmedBytes()).isZero();
	}

	@Test
	void continuesOnAThirdSocketInTheMiddleOfSendingAgain() {
		LastingConnection connection = open();
		for (int i = 1; i <= 6; i++) {
			connection.send("m" + i);
		}
		first.receiver().ended(null);
		second.takes(10); // the second message does not fit
		comeBack(connection.getId(), second);
		second.receiver().received(ByteBuffer.wrap(RawFrame.text("got 3").bytes()));
		threads.run();
		second.receiver().ended(null);
		ScriptedTransport third = comeBack(connection.getId(), new ScriptedTransport());
		assertThat(third.texts()).containsExactly("4 m4", "5 m5", "6 m6");
		assertThat(third.misuse).isNull();
	}

	@Test
	void losesNothingThatWaitsForTheSocket() {
		LastingConnection connection = open();
		first.takes(3);
		for (int i = 1; i <= 5; i++) {
			connection.send("m" + i);
		}
		first.receiver().ended(null);
		comeBack(connection.getId(), second);
		assertThat(second.texts()).containsExactly("1 m1", "2 m2", "3 m3", "4 m4", "5 m5");
	}

	@Test
	void takesOverFromASocketThatSeemsWhole() {
		LastingConnection connection = open();
		connection.send("a");
		comeBack(connection.getId(), second);
		assertThat(first.frames()).extracting(ReceivedFrame::opcode).containsExactly(1, 8);
		assertThat(first.frames().getLast().closeCode()).isEqualTo(1012);
		assertThat(first.outputShutDown).isTrue();
		assertThat(second.texts()).containsExactly("1 a");
		receive(first, "late");
		first.receiver().ended(null);
		assertThat(first.closed).isTrue();
		first.receiver().written();
		threads.run();
		assertThat(connection.isAway()).isFalse();
		assertThat(handler.events).as("nothing of the old socket counts").containsExactly("open");
		assertThat(observed).containsExactly("lost", "TAKEN_OVER");
	}

	@Test
	void refusesAClientWithoutAConnection() {
		comeBack("test-77", second);
		assertThat(second.frames()).singleElement().satisfies(frame -> {
			assertThat(frame.opcode()).isEqualTo(8);
			assertThat(frame.payload()).startsWith(1008 >> 8, 1008 & 0xFF);
		});
		assertThat(second.outputShutDown).isTrue();
		second.receiver().received(ByteBuffer.wrap(RawFrame.text("ignored").bytes()));
		second.receiver().ended(null);
		assertThat(second.closed).isTrue();
		assertThat(observed).containsExactly("REFUSED");
	}

	@Test
	void refusesAClientOfAnotherHub() {
		LastingConnection connection = open();
		first.receiver().ended(null);
		Hub other = new Hub("other", hub.settings(), List.of());
		second.carry(returning(other, connection.getId(), second));
		second.receiver().open();
		assertThat(second.frames()).extracting(ReceivedFrame::opcode).containsExactly(8);
		assertThat(connection.isAway()).isTrue();
	}

	@Test
	void endsWhenTheWindowIsOver() throws InterruptedException {
		window = Duration.ofMillis(100);
		LastingConnection connection = open();
		first.receiver().ended(null);
		assertThat(connection.isOpen()).isTrue();
		Awaitility.await().until(connection::isClosed);
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1006 CLIENT");
		assertThat(connections.find(connection.fd())).isNull();
		comeBack(connection.getId(), second);
		assertThat(second.frames()).extracting(ReceivedFrame::opcode).containsExactly(8);
	}

	@Test
	void endsAtOnceWhenItIsClosed() {
		LastingConnection connection = open();
		first.receiver().ended(null);
		connection.close(new CloseStatus(4000, "enough"));
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 4000 SERVER");
	}

	@Test
	void endsAtOnceWhenTheServerStops() {
		LastingConnection connection = open();
		first.receiver().ended(null);
		connection.closeAfterCallbacks(CloseReasons.SHUTDOWN);
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1012 SERVER");
	}

	@Test
	void endsWithItsSocketWhenTheClientHasClosed() {
		open();
		first.receiver().received(ByteBuffer.wrap(RawFrame.close(1000, "").bytes()));
		threads.run();
		first.receiver().ended(null);
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1000 CLIENT");
		assertThat(observed).isEmpty();
	}

	@Test
	void endsAsSoonAsTheClientsCloseFrameIsReadAlthoughItsSocketHasEnded() {
		open();
		first.receiver().received(ByteBuffer.wrap(RawFrame.close(1000, "").bytes()));
		first.receiver().ended(null);
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1000 CLIENT");
	}

	@Test
	void closesAClientThatConfirmsNothing() {
		LastingConnection connection = open();
		for (int i = 1; i <= MESSAGES; i++) {
			assertThat(connection.send("m" + i).accepted()).isTrue();
		}
		assertThat(connection.send("one too many")).isInstanceOf(SendResult.Overflowed.class);
		threads.run();
		assertThat(first.frames().getLast().payload()).startsWith(1008 >> 8, 1008 & 0xFF);
		assertThat(handler.events).containsExactly("open", "close 1008 SERVER");
		comeBack(connection.getId(), second);
		assertThat(second.frames()).extracting(ReceivedFrame::opcode).containsExactly(8);
	}

	@Test
	void closesAClientForWhichTooManyBytesAreKept() {
		LastingConnection connection = open();
		first.receiver().ended(null);
		assertThat(connection.send("x".repeat(300)).accepted()).isTrue();
		assertThat(connection.send("x".repeat(100))).isInstanceOf(SendResult.Overflowed.class);
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1008 SERVER");
	}

	@Test
	void leavesNoGapForAMessageWhoseDeadlineHasPassed() {
		LastingConnection connection = open();
		first.receiver().ended(null);
		connection.sendNumbered(OutgoingFrame.text("a").until(System.nanoTime() + Duration.ofHours(1).toNanos()));
		connection.sendNumbered(OutgoingFrame.text("late").until(System.nanoTime() - 1));
		connection.sendNumbered(OutgoingFrame.text("b"));
		comeBack(connection.getId(), second);
		assertThat(second.texts()).containsExactly("1 a", "2 b");
		assertThat(observed).containsExactly("lost", "dropped 1", "RECOVERED");
	}

	@Test
	void keepsAFrameOfTheSubprotocolBehindTheMessagesBeforeItAndForgetsItWithTheSocket() {
		LastingConnection connection = open();
		connection.send("a");
		connection.send(OutgoingFrame.text("ack"));
		first.receiver().ended(null);
		connection.send(OutgoingFrame.text("lost"));
		comeBack(connection.getId(), second);
		assertThat(first.texts()).containsExactly("1 a", "ack");
		assertThat(second.texts()).containsExactly("1 a");
	}

	@Test
	void refusesFragments() {
		LastingConnection connection = open();
		assertThatThrownBy(() -> connection.send(new OutgoingFrame(Opcode.TEXT, false, new byte[1])))
				.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void forgetsHalfAMessageOfTheSocketBefore() {
		LastingConnection connection = open();
		byte[] hello = RawFrame.text("hello").bytes();
		first.receiver().received(ByteBuffer.wrap(Arrays.copyOf(hello, hello.length - 2)));
		first.receiver().ended(null);
		comeBack(connection.getId(), second);
		receive(second, "whole");
		threads.run();
		assertThat(handler.events).containsExactly("open", "whole");
	}

	@Test
	void readsTheNextSocketAfterTheCallbacksForTheOneBefore() {
		LastingConnection connection = open();
		receive(first, "one"); // its callback waits for a thread
		first.receiver().ended(null);
		comeBack(connection.getId(), second);
		assertThat(second.receiver().received(ByteBuffer.wrap(RawFrame.text("two").bytes()))).as("reads on").isFalse();
		assertThat(handler.events).containsExactly("open");
		threads.run();
		threads.run();
		assertThat(handler.events).containsExactly("open", "one", "two");
		assertThat(second.resumes).isEqualTo(1);
	}

	@Test
	void readsTheNextSocketAfterTheReadOfTheOneBefore() {
		handler.traits(new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false));
		handler.onMessage((connection, text) -> {
			if (text.equals("one")) {
				comeBack(connection.getId(), second);
				receive(second, "two");
				assertThat(handler.events).containsExactly("open", "one");
			}
		});
		open();
		first.receiver().received(ByteBuffer.wrap(RawFrame.text("one").bytes()));
		assertThat(handler.events).containsExactly("open", "one", "two");
		assertThat(second.resumes).isEqualTo(1);
	}

	@Test
	void sendsNothingOnTheNextSocketThatWasGatheredForTheOneBefore() {
		handler.traits(new HandlerTraits(Set.of(), EnumSet.allOf(CallbackKind.class), false));
		handler.onMessage((connection, text) -> {
			connection.send("answer");
			connection.send(OutgoingFrame.text("ack"));
			comeBack(connection.getId(), second);
			connection.send("more");
		});
		open();
		receive(first, "ask");
		assertThat(first.frames()).extracting(ReceivedFrame::opcode).as("a close frame alone").containsExactly(8);
		assertThat(second.texts()).containsExactly("1 answer", "2 more");
	}

	@Test
	void sendsWhatWaitsBeforeTheCloseFrame() {
		LastingConnection connection = open(new Continuity(window, 1000, 1_000_000, (message, number) -> message));
		first.takes(1);
		for (int i = 0; i < 5; i++) {
			connection.send("x".repeat(40_000));
		}
		connection.close(CloseStatus.NORMAL);
		first.finishWrites();
		assertThat(first.frames()).extracting(ReceivedFrame::opcode).containsExactly(1, 1, 1, 1, 1, 8);
		assertThat(handler.events).containsExactly("open");
	}

	@Test
	void sendsTheNextMessagesWhenTheSocketHasTakenTheFirst() {
		LastingConnection connection = open(new Continuity(window, 1000, 1_000_000, (message, number) -> message));
		first.takes(1);
		for (int i = 0; i < 5; i++) {
			connection.send("x".repeat(40_000));
		}
		assertThat(connection.queuedBytes()).as("in the outbox").isLessThan(130_000);
		first.finishWrites();
		assertThat(first.frames()).hasSize(5);
	}

	@Test
	void goesOnWhenAWriteBreaksTheSocket() {
		LastingConnection connection = open();
		first.breaks();
		assertThat(connection.send("a")).isInstanceOf(SendResult.Queued.class);
		assertThat(connection.isAway()).isTrue();
		comeBack(connection.getId(), second);
		assertThat(second.texts()).containsExactly("1 a");
	}

	@Test
	void goesOnWhenThePeerIsSilent() {
		LastingConnection connection = open();
		connection.due(Deadlines.Verdict.NO_PONG);
		assertThat(connection.isAway()).isTrue();
		assertThat(first.closed).isTrue();
		assertThat(connection.isBeingRead()).as("its silence counts").isFalse();
	}

	@Test
	void endsWhenMemoryIsTakenBack() {
		LastingConnection connection = open();
		first.receiver().ended(null);
		connection.send("kept");
		assertThat(memory.held()).isPositive();
		connection.letGo();
		threads.run();
		assertThat(handler.events).containsExactly("open", "close 1013 SERVER");
		assertThat(memory.held()).isZero();
	}

	@Test
	void chargesAMessageForManyOnce() {
		LastingConnection one = open();
		OutgoingFrame shared = OutgoingFrame.forMany(Opcode.TEXT, new byte[100]);
		one.sendNumbered(shared);
		long alone = memory.held();
		LastingConnection other = (LastingConnection) connections.create(new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, "numbered", null, new HashMap<>()), second,
				handler);
		second.receiver().open();
		threads.run();
		other.sendNumbered(shared);
		assertThat(memory.held() - alone).isLessThan(100);
	}

	@Test
	void repeatsAMessageWithItsNumberAlthoughItsDeadlineHasPassed() {
		LastingConnection connection = open();
		connection.sendNumbered(OutgoingFrame.text("a").until(System.nanoTime() + Duration.ofHours(1).toNanos()));
		OutgoingFrame soon = OutgoingFrame.text("b").until(System.nanoTime() + Duration.ofSeconds(2).toNanos());
		connection.sendNumbered(soon);
		connection.send("c");
		assertThat(first.texts()).containsExactly("1 a", "2 b", "3 c");
		first.receiver().ended(null);
		Awaitility.await().until(() -> soon.isExpired(System.nanoTime()));
		comeBack(connection.getId(), second);
		assertThat(second.texts()).containsExactly("1 a", "2 b", "3 c");
	}

	@Test
	void forgetsAFrameOfTheSubprotocolThatWaitedForTheSocketThatBroke() {
		LastingConnection connection = open(new Continuity(window, 1000, 1_000_000, (message, number) -> message));
		first.takes(1);
		connection.send("x".repeat(100_000));
		connection.send(OutgoingFrame.text("ack"));
		first.receiver().ended(null);
		connection.send("y");
		comeBack(connection.getId(), second);
		assertThat(second.texts()).containsExactly("x".repeat(100_000), "y");
	}

	/** A window is counted from the latest absence on. */
	@Test
	void waitsForTheWholeWindowAtEachAbsence() {
		window = Duration.ofSeconds(3);
		LastingConnection connection = open();
		long begin = System.nanoTime();
		first.receiver().ended(null);
		long halfway = begin + Duration.ofMillis(1500).toNanos();
		Awaitility.await().until(() -> System.nanoTime() > halfway);
		comeBack(connection.getId(), second);
		second.receiver().ended(null);
		long leftAgain = System.nanoTime();
		Awaitility.await().until(() -> !connection.isOpen());
		assertThat(System.nanoTime() - leftAgain).isGreaterThanOrEqualTo(Duration.ofMillis(2900).toNanos());
		assertThat(hub.away()).isZero();
	}
}
