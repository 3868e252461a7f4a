package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.testing.RawFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that stops closes its connections behind the callbacks for what it has read, and behind their answers. */
class CloseAfterCallbacksTests {
	private final HeldThreads held = new HeldThreads();
	private final Connections connections = TestConnections.connections(held);
	private final ScriptedTransport transport = new ScriptedTransport();
	private final RecordingHandler echo = new RecordingHandler().onMessage((connection, text) -> connection.send("echo " + text));

	@AfterEach
	void close() {
		connections.close();
	}

	private LiveConnection open(Hub hub) {
		LiveConnection connection = TestConnections.create(hub, connections, transport, echo, null);
		connection.open();
		held.run();
		return connection;
	}

	private static ByteBuffer wire(RawFrame... frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			bytes.writeBytes(frame.bytes());
		}
		return ByteBuffer.wrap(bytes.toByteArray());
	}

	private List<String> sent() {
		return transport.frames().stream().map(frame -> frame.isClose() ? "close " + frame.closeCode() : frame.text()).toList();
	}

	@Test
	void answersWhatHasBeenReadBeforeTheClose() {
		LiveConnection connection = open(TestConnections.hub());
		connection.received(wire(RawFrame.text("1"), RawFrame.text("2")));
		connection.closeAfterCallbacks(CloseReasons.SHUTDOWN);
		assertThat(sent()).isEmpty();
		held.run();
		assertThat(echo.events).containsExactly("open", "1", "2");
		assertThat(sent()).containsExactly("echo 1", "echo 2", "close 1012");
	}

	@Test
	void answersWhatCallbacksThatDoNotBlockAreInTheMiddleOf() {
		echo.traits(new HandlerTraits(Set.of(), EnumSet.of(CallbackKind.OPEN, CallbackKind.MESSAGE), false));
		echo.onMessage((connection, text) -> {
			connection.closeAfterCallbacks(CloseReasons.SHUTDOWN);
			connection.send("echo " + text);
		});
		LiveConnection connection = open(TestConnections.hub());
		connection.received(wire(RawFrame.text("1"), RawFrame.text("2")));
		held.run();
		assertThat(sent()).containsExactly("echo 1", "echo 2", "close 1012");
	}

	@Test
	void closesAtOnceWhenNoCallbackRuns() {
		LiveConnection connection = open(TestConnections.hub());
		connection.closeAfterCallbacks(CloseReasons.SHUTDOWN);
		assertThat(sent()).containsExactly("close 1012");
	}

	@Test
	void deliversNothingThatIsReadBehindTheClose() {
		LiveConnection connection = open(TestConnections.hub());
		connection.closeAfterCallbacks(CloseReasons.SHUTDOWN);
		connection.received(wire(RawFrame.text("late")));
		held.run();
		assertThat(echo.events).containsExactly("open");
		assertThat(sent()).containsExactly("close 1012");
	}

	/** Its callback has not even begun when the time is over. */
	@Test
	void doesNotWaitForACallbackForEver() {
		LiveConnection connection = open(new Hub(Hub.DEFAULT,
				TestConnections.settings(SlowConsumerPolicy.CLOSE, Duration.ofMillis(1)), List.of(ConnectionObserver.NONE)));
		connection.received(wire(RawFrame.text("1")));
		connection.closeAfterCallbacks(CloseReasons.SHUTDOWN);
		await().untilAsserted(() -> assertThat(sent()).containsExactly("close 1012"));
	}
}
